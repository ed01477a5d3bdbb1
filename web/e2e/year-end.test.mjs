// The end of a contract year: the account of the whole term, what is still to be paid, a payment taken back and entered again, and what an
// early end would have meant.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { demoAccounts, launch, person, signIn } from "./support.mjs";

const FINANCE = "finance";
const BUREAU = "bureau.info";

let browser;
let accounts;
let contract;

before(async () => {
  accounts = await demoAccounts();
  browser = await launch();
});
after(() => browser?.close());

async function get(page, address) {
  const answer = await page.request.get(`/api/v1${address}`);
  assert.equal(answer.status(), 200, `${address}: ${await answer.text()}`);
  return answer.json();
}

const yuan = (cents) => (cents / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2 });

test("the account of the whole term is the sum of its lines", async () => {
  const bureau = await person(browser);
  const { page } = bureau;
  await signIn(page, accounts.get(BUREAU), "/service/settlement");
  await page.getByRole("heading", { name: "结算" }).waitFor();
  const contracts = await get(page, "/service/contracts");
  // A term that is over where there is one, else the one in force.
  contract = contracts.find((each) => each.state === "ended") ?? contracts[0];
  await page.goto(`/service/settlement?contract=${contract.id}`);
  await page.getByText("已确认违约金").waitFor();
  const account = await get(page, `/service/contracts/${contract.id}/settlement`);
  assert.equal(account.ledger_agrees, true);
  const lines = account.penalties.flatMap((p) => p.lines);
  const all = lines.reduce((cents, line) => cents + line.amount_cents, 0);
  const of = account.sums;
  assert.equal(all, of.confirmed_cents + of.proposed_cents + of.disputed_cents, "lines with their counter-entries");
  await page.getByText(yuan(of.confirmed_cents)).first().waitFor();
  const paper = await page.request.get(`/api/v1/service/contracts/${contract.id}/settlement/pdf`);
  assert.equal((await paper.body()).subarray(0, 5).toString(), "%PDF-");
  await bureau.shot("year-1-account");
  const running = contracts.find((each) => each.state === "in_force") ?? contract;
  await page.goto(`/service/settlement?contract=${running.id}`);
  await page.getByRole("tab", { name: "提前终止测算" }).click();
  await page.getByText("全额退还").click();
  await bureau.shot("year-2-termination");
  await page.getByText("应退").first().waitFor();
  await bureau.shot("year-2-termination");
  assert.deepEqual(bureau.faults, []);
  await bureau.close();
});

test("finance takes a payment back and enters it again; nothing is deleted", async () => {
  const finance = await person(browser);
  const { page } = finance;
  await signIn(page, accounts.get(FINANCE), "/service/settlement?tab=payments");
  await page.getByRole("tab", { name: "付款" }).waitFor();
  const contracts = await get(page, "/service/contracts");
  // Whichever contract has an instalment: paid ones are taken back first, open ones are paid.
  let found = null;
  for (const each of contracts) {
    const account = await get(page, `/service/contracts/${each.id}/settlement`);
    const paid = account.instalments.flatMap((i) => i.payments).find((p) => !p.reversed);
    if (paid) {
      found = { contract: each, paid };
      break;
    }
  }
  assert.ok(found, "the demo county has paid something");
  const at = `/service/contracts/${found.contract.id}/settlement`;
  const before = await get(page, at);
  await page.goto(`/service/settlement?contract=${found.contract.id}&tab=payments`);
  await page.getByRole("button", { name: "冲销" }).first().click();
  const why = page.getByRole("dialog");
  await why.getByRole("textbox").fill("录入错误，重新登记");
  await why.getByRole("button").last().click();
  await why.waitFor({ state: "hidden" });
  const reversed = await get(page, at);
  const count = (account) => account.instalments.flatMap((i) => i.payments).length;
  assert.equal(count(reversed), count(before), "the payment stays, struck through");
  assert.ok(reversed.payable_cents > before.payable_cents);
  await page.getByRole("button", { name: "登记付款" }).first().click();
  const form = page.getByRole("dialog");
  await form.getByLabel("备注").fill("重新登记");
  await finance.shot("year-3-payment");
  await form.getByRole("button", { name: "登记付款" }).click();
  await form.waitFor({ state: "hidden" });
  const again = await get(page, at);
  assert.equal(count(again), count(before) + 1);
  assert.equal(
    again.instalments.reduce((cents, i) => cents + i.open_cents, 0),
    before.instalments.reduce((cents, i) => cents + i.open_cents, 0),
    "as much is open as before",
  );
  await finance.shot("year-4-payments");
  assert.deepEqual(finance.faults, []);
  await finance.close();
});
