// The end of a month: the provider's lead publishes the duty of the next month, the bureau records who was missing, both accept
// what it costs, and the quarter's account adds up.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { demoAccounts, launch, person, signIn } from "./support.mjs";

const LEAD = "svc.lead";
const BUREAU = "bureau.info";
const EVIDENCE = `考勤机记录，浏览器测试 ${Date.now()}`;

let browser;
let accounts;
let absentOn;

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

async function pdf(page, address) {
  const answer = await page.request.get(`/api/v1${address}`);
  assert.equal(answer.status(), 200, address);
  assert.equal((await answer.body()).subarray(0, 5).toString(), "%PDF-");
}

/** The last working day in the region, today included. */
async function lastWorkingDay(page) {
  const { years } = await get(page, "/service/calendar");
  const off = new Set(years.flatMap((year) => year.off_days.map((each) => each.date)));
  let at = Date.now() + 8 * 3_600_000;
  while (off.has(new Date(at).toISOString().slice(0, 10))) at -= 86_400_000;
  return new Date(at).toISOString().slice(0, 10);
}

/** The month after this one, in the region. */
function nextMonth() {
  const [year, month] = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7).split("-").map(Number);
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, "0")}`;
}

test("the lead publishes the duty of the next month", async () => {
  const lead = await person(browser);
  const { page } = lead;
  const month = nextMonth();
  await signIn(page, accounts.get(LEAD), `/service/roster?month=${month}`);
  await page.getByRole("heading", { name: "值班与考勤" }).waitFor();
  let roster = await get(page, `/service/rosters/${month}`);
  if (roster.blocked) {
    // A year whose notice is not out blocks, and the page says where to bring it in.
    await page.getByRole("link", { name: "到合同日历录入通知" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "自动排班" }).count(), 0);
  } else {
    if (roster.state !== "published") {
      await page.getByRole("button", { name: /自动排班|重新生成/ }).click();
      const asked = page.getByRole("dialog").getByRole("button", { name: /自动排班|重新生成/ });
      if (await asked.isVisible().catch(() => false)) await asked.click();
      await page.getByRole("button", { name: /^发\s?布$/ }).click();
      const sure = page.getByRole("dialog").getByRole("button", { name: /^发\s?布$/ });
      await sure.click({ timeout: 3000 }).catch(() => {});
    }
    await assert.doesNotReject(page.getByText("已发布").first().waitFor());
    roster = await get(page, `/service/rosters/${month}`);
    assert.equal(roster.state, "published");
    assert.ok(roster.days.length > 0 && roster.days.every((day) => day.engineer_name && day.phone));
    await pdf(page, `/service/rosters/${month}/pdf`);
  }
  await lead.shot("month-1-roster");
  assert.deepEqual(lead.faults, []);
  await lead.close();
});

test("the bureau records an absence, and what it costs is in the account", async () => {
  const bureau = await person(browser);
  const { page } = bureau;
  await signIn(page, accounts.get(BUREAU), "/service/roster?tab=attendance");
  await page.getByRole("button", { name: "登记考勤" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("人员").click();
  await page.locator(".ant-select-item-option").first().click();
  await dialog.getByText("未备案离岗").click();
  // An absence without leave is of a working day, which today need not be.
  absentOn = await lastWorkingDay(page);
  await dialog.getByLabel("日期").fill(absentOn);
  await dialog.getByLabel("日期").press("Enter");
  await dialog.getByLabel("依据").fill(EVIDENCE);
  await bureau.shot("month-2-absence");
  await dialog.getByRole("button", { name: /^登\s?记$/ }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.getByText(EVIDENCE).waitFor();
  const records = await get(page, "/service/attendance");
  const record = records.items.find((item) => item.evidence === EVIDENCE);
  // 附件1 1.3.2-7: 200 yuan each time.
  assert.equal(record.amount_cents, 20_000);
  await page.goto(`/service/settlement?penalty=${record.penalty_id}`);
  await page.getByRole("dialog").getByRole("button", { name: "确认金额" }).click();
  await page.getByRole("dialog").last().getByRole("button", { name: "确认金额" }).click();
  const accepted = async () => (await get(page, `/service/penalties/${record.penalty_id}`)).accepted_a;
  for (let tries = 0; tries < 20 && !(await accepted()); tries += 1) await page.waitForTimeout(250);
  assert.ok(await accepted(), "party A has accepted");
  assert.deepEqual(bureau.faults, []);
  await bureau.close();

  const lead = await person(browser);
  await signIn(lead.page, accounts.get(LEAD), `/service/settlement?penalty=${record.penalty_id}`);
  await lead.page.getByRole("dialog").getByRole("button", { name: "确认金额" }).click();
  await lead.page.getByRole("dialog").last().getByRole("button", { name: "确认金额" }).click();
  await lead.page.getByRole("dialog").getByText("已确认").first().waitFor();
  await lead.shot("month-3-accepted");
  assert.deepEqual(lead.faults, []);
  await lead.close();
});

test("the quarter's account adds up and prints", async () => {
  const bureau = await person(browser);
  const { page } = bureau;
  await signIn(page, accounts.get(BUREAU), "/service/settlement");
  await page.getByRole("heading", { name: "结算" }).waitFor();
  const contracts = await get(page, "/service/contracts");
  const contract = contracts.find((each) => each.state === "in_force") ?? contracts[0];
  const account = await get(page, `/service/contracts/${contract.id}/settlement`);
  const quarter = account.quarters.find((q) => q.from <= absentOn && absentOn <= q.to) ?? account.quarters.at(-1);
  await page.getByLabel("结算期").click();
  await page
    .locator(".ant-select-item-option")
    .filter({ hasText: `第${quarter.number}季度` })
    .click();
  await page.getByText(`${quarter.from} 至 ${quarter.to}`).first().waitFor();
  const of = await get(page, `/service/contracts/${contract.id}/settlement?from=${quarter.from}&to=${quarter.to}`);
  const sum = (state) => of.penalties.filter((p) => p.state === state).reduce((cents, p) => cents + p.amount_cents, 0);
  assert.equal(sum("confirmed"), of.sums.confirmed_cents);
  assert.equal(of.ledger_agrees, true);
  assert.ok(of.sums.confirmed_cents >= 20_000, "what both have just accepted is in it");
  await pdf(page, `/service/contracts/${contract.id}/settlement/pdf?from=${quarter.from}&to=${quarter.to}`);
  await bureau.shot("month-4-quarter");
  assert.deepEqual(bureau.faults, []);
  await bureau.close();
});
