// An inspection, told through the screens: the lead assigns the plan, the engineer fills one in on a telephone whose line is lost
// in between, a fault becomes a ticket, and both parties sign.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { demoAccounts, launch, person, signIn } from "./support.mjs";

const LEAD = "svc.lead";
const ENGINEER = "svc.engineer";
const BUREAU = "bureau.info";
/** One red pixel. */
const PHOTO = {
  name: "机柜.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
    "base64",
  ),
};

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

/** What a colleague would tap on a quiet day, for every unit but the first. */
async function fillTheRest(page, id) {
  const inspection = await get(page, `/service/inspections/${id}`);
  for (const unit of inspection.unit_list.slice(1)) {
    const list = inspection.checklists.find((each) => each.code === unit.type_code);
    const value = (item) => (item.code === "packet_loss" ? "0.02" : "22");
    const answers = list.items.map((item) =>
      item.kind === "number"
        ? { code: item.code, verdict: "normal", value: value(item) }
        : { code: item.code, verdict: "normal" },
    );
    const answer = await page.request.put(`/api/v1/service/inspections/${id}/units/${unit.id}`, {
      data: { row_version: unit.row_version, answers },
    });
    assert.equal(answer.status(), 200, await answer.text());
  }
}

test("the lead assigns the plan of the term", async () => {
  const lead = await person(browser);
  const { page } = lead;
  await signIn(page, accounts.get(LEAD), "/service/inspections");
  await page.getByRole("table", { name: "年度巡检计划" }).waitFor();
  await lead.shot("inspection-1-plan");
  await page.getByRole("button", { name: "批量指派" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("人员").click();
  const engineer = accounts.get(ENGINEER);
  const people = await get(page, "/service/people?role=site_engineer");
  assert.ok(people.length > 0, `nobody to assign to, not even ${engineer.login_name}`);
  await page.locator(".ant-select-item-option").filter({ hasText: people[0].name }).first().click();
  await dialog.getByText("已指派给别人的也改").click();
  // At the end of a term nothing may be left to assign.
  const assign = dialog.getByRole("button", { name: /指派 \d+ 次/ });
  if (await assign.isEnabled()) {
    await assign.click();
    await page.getByText(/已指派 \d+ 次巡检/).waitFor();
  }
  assert.deepEqual(lead.faults, []);
  await lead.close();
});

test("the engineer fills one in on a telephone, also without a line", async () => {
  const engineer = await person(browser, { phone: true });
  const { page, context } = engineer;
  await signIn(page, accounts.get(ENGINEER), "/service/inspections");
  await page.locator(".at-hand a").first().waitFor();
  await engineer.shot("inspection-2-at-hand");
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const query = "kind=video_monthly&state=planned,in_progress&limit=200";
  const open = (await get(page, `/service/inspections?${query}`)).items;
  const begun = open.filter((line) => line.period_from <= today).at(-1);
  assert.ok(begun, "no inspection may be begun");
  path = `/service/inspections/${begun.id}`;
  await page.goto(path);
  if (begun.state === "planned") await page.getByRole("button", { name: "开始巡检" }).click();
  else await page.getByRole("button", { name: "填写" }).click();
  await page.waitForURL(/\/fill/);
  await page.goto(`${path}/fill?unit=${(await get(page, path)).unit_list[0].id}`);
  const items = page.locator(".fill-item");
  await items.first().waitFor();
  assert.equal(
    await page.evaluate(() => document.documentElement.scrollWidth),
    390,
    "the page is wider than the telephone",
  );
  await items.nth(0).getByRole("button", { name: "正常" }).click();
  const faulty = items.nth(1);
  await faulty.getByRole("button", { name: "异常" }).click();
  await faulty.getByLabel("说明").fill("前面板红灯，风扇异响");
  await page.getByText("已保存").waitFor();
  await faulty.locator("input[type=file]").first().setInputFiles(PHOTO);
  await faulty.locator("img").first().waitFor();
  await engineer.shot("inspection-3-fill");

  await context.setOffline(true);
  await items
    .nth(2)
    .getByRole("textbox")
    .fill(String(Date.now() % 997));
  await page.getByText(/没有网络，\d+ 项保存在本机/).waitFor();
  await engineer.shot("inspection-4-offline");
  await context.setOffline(false);
  await page.getByText("已保存").waitFor({ timeout: 40_000 });
  const others = page.getByRole("button", { name: /其余 \d+ 项检查均正常/ });
  if ((await others.count()) > 0) await others.click();
  await page.getByText("已保存").waitFor();

  await fillTheRest(page, begun.id);
  await page.reload();
  await page.getByRole("button", { name: "全部完成，提交报告" }).waitFor();
  // The fault first becomes a ticket.
  await page.goto(`${path}/fill?unit=${(await get(page, path)).unit_list[0].id}`);
  await items.nth(1).getByRole("button", { name: "转工单" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("机构").click();
  await page.locator(".ant-select-tree-node-content-wrapper").nth(1).click();
  await dialog.getByRole("button", { name: "开单" }).click();
  await items.nth(1).locator(".fill-ticket").waitFor();
  await page.getByRole("button", { name: "全部完成，提交报告" }).click();
  await page.locator("#inspection-summary").fill("30 台设备，1 项异常已报修。");
  await engineer.shot("inspection-5-submit");
  await page.getByRole("button", { name: "签署并提交" }).click();
  await page.getByText("待甲方确认").waitFor();
  const done = await get(page, path);
  assert.equal(done.state, "submitted");
  assert.equal(done.finding_list[0].ticket_state, "open");
  assert.ok(done.attachments.length >= 1);
  assert.deepEqual(engineer.faults, []);
  await engineer.close();
});

test("party A reads and signs, and the report prints", async () => {
  const bureau = await person(browser);
  const { page } = bureau;
  await signIn(page, accounts.get(BUREAU), path);
  await page.getByText("前面板红灯，风扇异响").waitFor();
  await bureau.shot("inspection-6-report");
  await page.getByRole("button", { name: "确认", exact: true }).click();
  await page.getByRole("button", { name: "签署确认" }).click();
  await page.getByText("已确认").first().waitFor();
  const report = await page.request.get(`/api/v1${path}/pdf`);
  assert.equal((await report.body()).subarray(0, 5).toString(), "%PDF-");
  assert.deepEqual(bureau.faults, []);
  await bureau.close();
});
