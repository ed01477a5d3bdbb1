// What comes in by itself, told through the screens: a letter becomes a ticket whose clock began when it came, another is dismissed
// and taken back, and whoever is on site signs in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { demoAccounts, launch, person, signIn } from "./support.mjs";

const DUTY = "svc.duty";
const HOSPITAL = "it.hospital";

let browser;
let accounts;

before(async () => {
  accounts = await demoAccounts();
  browser = await launch();
});
after(() => browser?.close());

/** The letters of the demo county wait where an earlier run of this story has not decided on them. */
async function waiting(page, subject) {
  const answer = await page.request.get(`/api/v1/service/intake?state=waiting&q=${encodeURIComponent(subject)}`);
  assert.equal(answer.status(), 200, await answer.text());
  return (await answer.json()).items[0];
}

test("a stranger's letter becomes a ticket from the moment at which it came", async () => {
  const duty = await person(browser);
  const { page } = duty;
  await signIn(page, accounts.get(DUTY), "/service/intake");
  await page.getByRole("table").first().waitFor();
  await duty.shot("intake-1-waiting");
  const letter = await waiting(page, "远程会诊看不到对方画面");
  assert.ok(letter, "the demo county's letter waits");
  await page.getByRole("row", { name: /远程会诊看不到对方画面/ }).click();
  const drawer = page.getByRole("dialog").last();
  await drawer.getByText("地址未经验证").waitFor();
  await duty.shot("intake-2-letter");
  await drawer.getByRole("button", { name: "登记为工单" }).click();
  const form = page.getByRole("dialog").last();
  await form.getByLabel("机构", { exact: true }).click();
  await form.getByLabel("机构", { exact: true }).fill("天目湖镇卫生院");
  await page.locator(".ant-select-tree-title").filter({ hasText: "天目湖镇卫生院" }).first().click();
  await form.getByLabel("联系电话").fill("13800000000");
  await duty.shot("intake-3-open");
  await form.getByRole("button", { name: "提交" }).click();
  await page.waitForURL(/\/service\/tickets\/[0-9a-f-]{36}/);
  await page.getByRole("heading", { name: "来件" }).waitFor();
  await duty.shot("intake-4-ticket");
  const id = page.url().split("/").pop();
  const ticket = await (await page.request.get(`/api/v1/service/tickets/${id}`)).json();
  assert.equal(ticket.opened_at, letter.at);
  assert.equal(ticket.channel, "mail");
  assert.equal(ticket.caller_name, "王芳");
  assert.deepEqual(duty.faults, []);
  await duty.close();
});

test("what is no report is dismissed with a reason, and can be taken back", async () => {
  const duty = await person(browser);
  const { page } = duty;
  await signIn(page, accounts.get(DUTY), "/service/intake");
  const row = page.getByRole("row", { name: /高级研修班/ });
  await row.click();
  const drawer = page.getByRole("dialog").last();
  await drawer.getByRole("button", { name: /忽\s?略/ }).click();
  const dialog = page.getByRole("dialog").last();
  await dialog.getByLabel("原因").fill("广告");
  await dialog
    .getByRole("button", { name: /确\s?定|忽\s?略/ })
    .last()
    .click();
  await drawer.getByRole("button", { name: "恢复为待登记" }).waitFor();
  await duty.shot("intake-5-dismissed");
  await drawer.getByRole("button", { name: "恢复为待登记" }).click();
  await drawer.getByRole("button", { name: "登记为工单" }).waitFor();
  assert.deepEqual(duty.faults, []);
  await duty.close();
});

test("the institution reads its own letter beside the ticket that it became", async () => {
  const hospital = await person(browser);
  const { page } = hospital;
  await signIn(page, accounts.get(HOSPITAL), "/service/tickets?q=%E5%AF%BC%E8%81%94&queue=all");
  await page.getByRole("row", { name: /心电图室二号机房采集不到导联/ }).click();
  await page.getByRole("heading", { name: "来件" }).waitFor();
  await page.getByRole("button", { name: /心电图室二号机房采集不到导联/ }).click();
  const drawer = page.getByRole("dialog").last();
  await drawer.getByText("已验证的地址").waitFor();
  assert.equal(await drawer.getByRole("button", { name: "登记为工单" }).count(), 0);
  assert.deepEqual(hospital.faults, []);
  await hospital.close();
});

test("whoever is on site signs in and out", async () => {
  const duty = await person(browser, { phone: true });
  const { page } = duty;
  await signIn(page, accounts.get(DUTY), "/service/roster?tab=presence");
  // An earlier run may have left somebody on site.
  const out = page.getByRole("button", { name: /签\s?退/ });
  const here = page.getByRole("button", { name: "到岗签到" });
  await here.or(out).first().waitFor();
  if (await out.isVisible()) await out.click();
  await here.click();
  await out.waitFor();
  await duty.shot("intake-6-on-site");
  await out.click();
  await here.waitFor();
  assert.deepEqual(duty.faults, []);
  await duty.close();
});
