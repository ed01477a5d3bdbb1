// An engineer's day, told through the screens: the institution reports by phone, the engineer answers and agrees a deadline with
// it, solves, and the institution confirms and rates.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { demoAccounts, launch, person, signIn } from "./support.mjs";

const ENGINEER = "svc.engineer";
const INSTITUTION = "it.hospital";
const TITLE = "心电报告打印不出来";

let browser;
let accounts;
let path = "";

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

/** Tomorrow at the same time of day, as the picker is written to. */
function tomorrow() {
  const shanghai = new Date(Date.now() + (24 + 8) * 3_600_000).toISOString();
  return `${shanghai.slice(0, 10)} ${shanghai.slice(11, 19)}`;
}

/** Presses a step's button and, where a form opens, fills it in and sends it. */
async function step(page, label, fill) {
  await page.getByRole("button", { name: label, exact: true }).click();
  if (!fill) return;
  const dialog = page.getByRole("dialog");
  await fill(dialog);
  await dialog.getByRole("button", { name: label, exact: true }).click();
  await dialog.waitFor({ state: "hidden" });
}

test("the engineer enters a call, answers it and proposes a deadline", async () => {
  const institution = await person(browser);
  await signIn(institution.page, accounts.get(INSTITUTION), "/service/tickets");
  await institution.page.getByRole("table").first().waitFor();
  const place = (await get(institution.page, "/session")).organisation.name;
  await institution.close();

  const engineer = await person(browser);
  const { page } = engineer;
  await signIn(page, accounts.get(ENGINEER), "/service/tickets");
  await page.getByRole("table").first().waitFor();
  await engineer.shot("desk-1-list");
  await page.keyboard.press("n");
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel("什么问题").fill(TITLE);
  await drawer.getByText("故障报修").click();
  await drawer.getByText("与机构约定处理期限").waitFor();
  await drawer.getByLabel("机构", { exact: true }).click();
  await drawer.getByLabel("机构", { exact: true }).fill(place);
  await page.locator(".ant-select-tree-title").filter({ hasText: place }).first().click();
  await drawer.getByLabel("报障人").fill("王主任");
  await drawer.getByLabel("联系电话").fill("0898-63330000");
  await engineer.shot("desk-2-new");
  await drawer.getByRole("button", { name: /提\s?交/ }).click();
  await page.waitForURL(/\/service\/tickets\/[0-9a-f-]{36}$/);
  path = new URL(page.url()).pathname;
  await page.getByRole("heading", { name: TITLE }).waitFor();
  await step(page, /^响\s?应$/, (dialog) => dialog.getByLabel("答复内容").fill("正在远程查看打印服务"));
  await page.getByText("首次响应：正在远程查看打印服务").waitFor();
  await step(page, "我来处理");
  await page.getByText("指派给").first().waitFor();
  await step(page, "提出期限", async (dialog) => {
    await dialog.getByLabel("完成时间").fill(tomorrow());
    await page.locator(".ant-picker-ok button").click();
  });
  await page.getByText("待对方答复").waitFor();
  assert.equal(await page.getByRole("button", { name: "同意期限" }).count(), 0, "nobody accepts the own proposal");
  await engineer.shot("desk-3-proposed");
  assert.deepEqual(engineer.faults, []);
  await engineer.close();
});

test("the institution agrees to the deadline", async () => {
  const institution = await person(browser);
  const { page } = institution;
  await signIn(page, accounts.get(INSTITUTION), path);
  await step(page, "同意期限");
  await page.getByText("机构同意期限").waitFor();
  const ticket = await get(page, path);
  assert.ok(ticket.agreed_due_at, "the deadline counts");
  await institution.shot("desk-4-agreed");
  assert.deepEqual(institution.faults, []);
  await institution.close();
});

test("the engineer solves it", async () => {
  const engineer = await person(browser);
  const { page } = engineer;
  await signIn(page, accounts.get(ENGINEER), path);
  await step(page, /^解\s?决$/, async (dialog) => {
    await dialog.getByLabel("如何解决").fill("重启打印服务并更换驱动");
    await dialog.getByLabel("原因").fill("驱动与更新不兼容");
  });
  await page.getByText("解决：重启打印服务并更换驱动").waitFor();
  await engineer.shot("desk-5-solved");
  assert.deepEqual(engineer.faults, []);
  await engineer.close();
});

test("the institution confirms and rates", async () => {
  const institution = await person(browser);
  const { page } = institution;
  await signIn(page, accounts.get(INSTITUTION), path);
  await step(page, "确认解决");
  await page.getByText("确认关闭").waitFor();
  await step(page, /^评\s?价$/, async (dialog) => {
    await dialog.getByRole("radio").nth(4).click();
    await dialog.getByLabel("意见").fill("很快");
  });
  await page.getByText("评价 5 星：很快").waitFor();
  const ticket = await get(page, path);
  assert.equal(ticket.state, "closed");
  assert.equal(ticket.rating, 5);
  assert.ok(
    ticket.clocks.every((clock) => clock.stopped_at && clock.remaining_s >= 0),
    "answered and solved in time",
  );
  await institution.shot("desk-6-rated");
  assert.deepEqual(institution.faults, []);
  await institution.close();
});
