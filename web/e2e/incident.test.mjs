// An incident, told through the screens: a ticket turns out to be an outage, the engineer declares and restores it and writes
// the report, the bureau's panel finds it graver, and the fine shows every reading.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { demoAccounts, launch, person, signIn } from "./support.mjs";

const ENGINEER = "svc.engineer";
const BUREAU = "bureau.info";

let browser;
let accounts;
let address = "";

before(async () => {
  accounts = await demoAccounts();
  browser = await launch();
});
after(() => browser?.close());

async function get(page, path) {
  const answer = await page.request.get(`/api/v1${path}`);
  assert.equal(answer.status(), 200, `${path}: ${await answer.text()}`);
  return answer.json();
}

test("the engineer makes an incident of a ticket, restores it and reports", async () => {
  const engineer = await person(browser);
  const { page } = engineer;
  await signIn(page, accounts.get(ENGINEER), "/service/tickets");
  await page.getByRole("table").first().waitFor();
  const about = (await get(page, "/service/tickets?item_code=resident_app&limit=1")).items[0];
  assert.ok(about, "the demo has a ticket about the residents' application");
  await page.goto(`/service/tickets/${about.id}`);
  await page.getByRole("button", { name: "登记为安全事件" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByText(about.number).waitFor();
  const title = "居民APP无法登录";
  await drawer.getByLabel("事件", { exact: true }).fill(title);
  // The outage begins now, not when the ticket was opened.
  const reported = drawer.locator(".ant-picker").nth(1);
  await reported.hover();
  await reported.locator(".ant-picker-clear").click();
  await engineer.shot("incident-1-what");
  await drawer.getByRole("button", { name: "下一步" }).click();
  await engineer.shot("incident-2-whom");
  await drawer.getByRole("button", { name: "下一步" }).click();
  await drawer.getByText("按合同判定").waitFor();
  await drawer.getByLabel("业务中断：基层机构").fill("2");
  await drawer.getByLabel("业务中断：二级以上").fill("0");
  await drawer.locator(".incident-words .chosen").filter({ hasText: "S2 重大" }).waitFor();
  await engineer.shot("incident-3-how-grave");
  await drawer.getByRole("button", { name: "登记", exact: true }).click();
  await page.waitForURL(/\/service\/incidents\/[0-9a-f-]{36}$/);
  address = new URL(page.url()).pathname;
  await page.getByRole("heading", { name: title }).waitFor();
  await page.getByRole("link", { name: about.number }).waitFor();
  await engineer.shot("incident-4-page");
  await page.getByRole("button", { name: "已恢复" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "已恢复" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  for (const part of ["一、事件原因", "二、原因分析", "三、处置过程", "四、防范措施"])
    await page.getByLabel(part).fill("证书到期，已更换并纳入巡检。");
  await page.getByText("草稿已保存").waitFor();
  await page.getByLabel("原因分类").click();
  await page.locator(".ant-select-item-option").filter({ hasText: "配置或变更不当" }).click();
  await page.getByRole("button", { name: "提交报告" }).click();
  await page.getByText("报告待审").first().waitFor();
  await engineer.shot("incident-5-reported");
  assert.deepEqual(engineer.faults, []);
  await engineer.close();
});

test("the panel decides otherwise and the bureau accepts the report", async () => {
  const bureau = await person(browser);
  const { page } = bureau;
  await signIn(page, accounts.get(BUREAU), address);
  await page.getByRole("button", { name: "专家组认定" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("等级").click();
  await page.locator(".ant-select-item-option").filter({ hasText: "S1 特别重大" }).click();
  await dialog.getByLabel("原因").fill("专家组认定影响特别严重");
  await dialog.getByRole("button", { name: "专家组认定" }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.getByText("规则判定 S2").waitFor();
  await page.getByRole("button", { name: "通过报告" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "通过报告" }).click();
  await page.getByText("已办结").first().waitFor();
  // 101,760 × 1 % × 1.5^(n−1), in time: what the contract's own table gives for the first three.
  const { occurrence } = await get(page, address);
  const amount = ["1,017.60", "1,526.40", "2,289.60"][occurrence - 1];
  await page.getByRole("table", { name: "各读法的金额" }).getByText(amount).first().waitFor();
  await bureau.shot("incident-6-closed");
  await page.goto("/service/incidents");
  await page.getByRole("table").first().waitFor();
  await bureau.shot("incident-7-list");
  const pdf = await page.request.get(`/api/v1${address}/pdf`);
  assert.equal(pdf.headers()["content-type"], "application/pdf");
  assert.deepEqual(bureau.faults, []);
  await bureau.close();
});
