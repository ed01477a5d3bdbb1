// The main job of the program, told through the screens: a township technician registers a patient, uploads a real
// recording and submits it; the diagnosis centre reads, signs and reviews it; the report prints; the resident has it.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { demoAccounts, launch, person, shared, signIn } from "./support.mjs";

const header = shared("ecg/ludb/data/1.hea");
const signal = shared("ecg/ludb/data/1.dat");
const TECHNICIAN = "tech.tianmuhu";
const READER = "reader1";
const REVIEWER = "reviewer1";
const RESIDENT = "resident1";
const FINDINGS = "窦性P波规律出现，频率小于60次/分；电轴左偏；左心室高电压。";

const skip = header && signal ? false : "skipped: the recordings of shared/data/ecg are not there";

let browser;
let accounts;
let examNumber = "";
let examPath = "";
let residentName = "";

before(async () => {
  if (skip) return;
  accounts = await demoAccounts();
  browser = await launch();
});
after(() => browser?.close());

/** A resident ID number whose check digit is right (GB 11643-1999), never given out: area 320481, sequence from the clock. */
function freshIdNumber() {
  const sequence = String(Date.now() % 1000).padStart(3, "0");
  const month = String((Math.floor(Date.now() / 1000) % 12) + 1).padStart(2, "0");
  const day = String((Math.floor(Date.now() / 12_000) % 28) + 1).padStart(2, "0");
  const body = `3204811956${month}${day}${sequence}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(body[i]), 0);
  return { number: body + "10X98765432"[sum % 11], birth: `1956-${month}-${day}` };
}

/** Uploads files on the exam screen; accepts a difference between file and screen when it is asked about one. */
async function uploadFiles(page, files) {
  await page.locator("input[type=file]").setInputFiles(files);
  await page.getByRole("button", { name: /^上传 \d+ 个文件/ }).click();
  const mismatch = page.getByRole("dialog", { name: "文件中的患者与当前患者不一致" });
  const trace = page.locator("canvas").first();
  await Promise.race([mismatch.waitFor().catch(() => undefined), trace.waitFor().catch(() => undefined)]);
  if (await mismatch.isVisible()) {
    await mismatch.getByText("设备上录入有误，已核对身份").click();
    await mismatch.getByRole("button", { name: "确认是同一人，接受" }).click();
    await mismatch.waitFor({ state: "hidden" });
  }
  await trace.waitFor();
}

test("a wrong password is refused in plain words", { skip }, async () => {
  const p = await person(browser);
  await p.page.goto("/");
  await p.page.getByLabel("登录名").waitFor();
  await p.shot("01-sign-in");
  await p.page.getByLabel("登录名").fill(TECHNICIAN);
  await p.page.getByLabel("密码", { exact: true }).fill("not-the-password");
  await p.page.getByRole("button", { name: "登录", exact: true }).click();
  await p.page.getByText("账号或密码不正确。").waitFor();
  await p.close();
});

test("the technician registers a patient; the ID number fills in birth date and sex", { skip }, async () => {
  const p = await person(browser);
  const { page } = p;
  await signIn(page, accounts.get(TECHNICIAN));
  await page.getByRole("menuitem", { name: "患者登记" }).click();
  const { number, birth } = freshIdNumber();
  await page.getByLabel("证件号码").fill(number);
  await page.getByText("号码有效，已填入出生日期和性别").waitFor();
  assert.equal(await page.getByLabel("出生日期").inputValue(), birth);
  await page.getByLabel("姓名").fill("测小天");
  await page.getByLabel("联系电话").fill("13951210000");
  await p.shot("02-register");
  await page.getByRole("button", { name: "登记", exact: true }).click();
  const anyway = page.getByRole("button", { name: "都不是同一人，仍要新建" });
  const record = page.getByRole("heading", { name: "患者档案" });
  await Promise.race([record.waitFor().catch(() => undefined), anyway.waitFor().catch(() => undefined)]);
  if (await anyway.isVisible()) await anyway.click();
  await record.waitFor();
  const banner = page.getByRole("region", { name: "患者信息" });
  await banner.getByText("测小天").waitFor();
  assert.ok(!((await banner.textContent()) ?? "").includes(number), "the number is shown masked");
  await p.shot("03-patient");
  await page.getByRole("button", { name: "查看完整信息" }).click();
  await page.getByRole("dialog").getByText("核对身份", { exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "查看", exact: true }).click();
  await page.getByText(number).first().waitFor();
  assert.deepEqual(p.faults, []);
  await p.close();
});

test("the technician uploads a real recording for the resident and submits it", { skip }, async () => {
  const r = await person(browser, { phone: true });
  const account = accounts.get(RESIDENT);
  const who = await r.context.request.post("/api/v1/session", {
    data: { login_name: account.login_name, password: account.password },
  });
  assert.equal(who.status(), 200);
  const resident = await who.json();
  residentName = resident.display_name;
  await r.close();

  const p = await person(browser);
  const { page } = p;
  await signIn(page, accounts.get(TECHNICIAN));
  await page.getByRole("menuitem", { name: "新建检查" }).click();
  await page.getByRole("combobox", { name: "查找患者" }).fill(residentName);
  await page
    .getByTitle(new RegExp(`^${residentName}`))
    .first()
    .click();
  await page.getByRole("region", { name: "患者信息" }).getByText(residentName).waitFor();
  await page.getByText("加急", { exact: true }).click();
  await page.getByLabel("临床信息").fill("反复胸闷一周，既往高血压");
  await p.shot("04-new-exam");
  await page.getByRole("button", { name: "登记并上传心电数据" }).click();
  await page.getByRole("region", { name: "上传心电数据" }).waitFor();
  examPath = new URL(page.url()).pathname;
  const id = examPath.split("/").at(-1);
  const exam = await (await p.context.request.get(`/api/v1/ecg/exams/${id}`)).json();
  examNumber = exam.exam_number;
  assert.equal(exam.patient.id, resident.patient_id);

  // Half of the signal is refused with an explanation, and nothing is kept of it.
  const folder = mkdtempSync(join(tmpdir(), "tianmu-e2e-"));
  const bytes = readFileSync(signal);
  const cut = join(folder, "1.dat");
  writeFileSync(cut, bytes.subarray(0, bytes.length / 2));
  await page.locator("input[type=file]").setInputFiles([header, cut]);
  await page.getByRole("button", { name: "上传 2 个文件" }).click();
  await page
    .getByRole("alert")
    .filter({ hasText: /不完整|损坏/ })
    .waitFor();
  await p.shot("05-upload-refused");
  await page.getByRole("button", { name: "移除 1.hea" }).click();
  await page.getByRole("button", { name: "移除 1.dat" }).click();

  await uploadFiles(page, [header, signal]);
  await page.getByText(/自动分析提示/).waitFor();
  await page.waitForTimeout(800);
  await p.shot("06-uploaded");
  await page.getByRole("button", { name: "提交判读" }).click();
  await page.getByText("已提交").waitFor();
  await page.getByText("待判读").first().waitFor();
  assert.equal(await page.getByRole("menuitem", { name: "判读工作台" }).count(), 0, "technicians have no worklist");
  assert.deepEqual(p.faults, []);
  await p.close();
});

test("the reader claims it from the worklist, writes the report and signs", { skip }, async () => {
  const p = await person(browser);
  const { page } = p;
  await signIn(page, accounts.get(READER));
  await page.getByRole("heading", { name: "判读工作台" }).waitFor();
  await page.getByRole("table").first().waitFor();
  await p.shot("07-worklist");
  await page.getByLabel("搜索", { exact: true }).fill(examNumber);
  await page.getByRole("button", { name: `接诊 ${residentName}` }).click();
  await page.getByRole("region", { name: "心电波形" }).locator("canvas").first().waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollHeight > window.innerHeight);
  assert.equal(overflow, false, "the reading screen fits 1366 x 768");
  await page.getByLabel("心电图所见").fill(FINDINGS);
  await page.getByLabel("诊断结论").fill("");
  await page.keyboard.press("F3");
  await page.getByLabel("查找短语").fill("dxxdgh");
  await page.getByLabel("查找短语").press("Enter");
  await page.getByRole("checkbox", { name: "异常心电图" }).check();
  assert.equal(await page.getByLabel("诊断结论").inputValue(), "窦性心动过缓");
  await page.getByRole("tab", { name: "测量值" }).click();
  await page.getByText(/^已自动保存/).waitFor();
  await p.shot("08-reading");
  await page.keyboard.press("Control+Enter");
  await p.shot("09-sign");
  await page.getByRole("button", { name: "确认签发" }).click();
  await page.getByText("已签发，等待审核").waitFor();
  await page.getByRole("heading", { name: "判读工作台" }).waitFor();
  assert.deepEqual(p.faults, []);
  await p.close();
});

test("another doctor reviews it, and the report prints", { skip }, async () => {
  const p = await person(browser);
  const { page } = p;
  await signIn(page, accounts.get(REVIEWER));
  await page.getByRole("heading", { name: "判读工作台" }).waitFor();
  await page
    .getByText(/^待审核/)
    .first()
    .click();
  await page.getByLabel("搜索", { exact: true }).fill(examNumber);
  await page.getByRole("button", { name: `审核 ${residentName}` }).click();
  await page.getByText(FINDINGS).waitFor();
  await p.shot("10-review");
  await page.getByRole("button", { name: "审核通过", exact: true }).click();
  await page.getByRole("button", { name: "确认通过" }).click();
  await page.getByText("审核通过，报告已发布").waitFor();

  await page.goto(examPath);
  await page.getByText("已发布").first().waitFor();
  await page.getByRole("button", { name: "流程与版本" }).click();
  for (const step of ["登记检查", "上传心电数据", "提交判读", "接诊判读", "签发报告", "审核通过，报告发布"]) {
    await page.getByRole("dialog").getByText(step, { exact: true }).waitFor();
  }
  await p.shot("11-timeline");
  const id = examPath.split("/").at(-1);
  const pdf = await p.context.request.get(`/api/v1/ecg/exams/${id}/report.pdf`);
  assert.equal(pdf.status(), 200);
  assert.equal(pdf.headers()["content-type"], "application/pdf");
  assert.equal((await pdf.body()).subarray(0, 5).toString("latin1"), "%PDF-");
  assert.deepEqual(p.faults, []);
  await p.close();
});

test("the resident finds the report on the phone", { skip }, async () => {
  const account = accounts.get(RESIDENT);
  const p = await person(browser, { phone: true });
  const { page } = p;
  await page.goto("/resident/");
  await page.getByLabel("手机号或登录名").fill(account.login_name);
  await page.getByLabel("密码", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  const card = page.locator("button.report-card").first();
  await card.getByLabel("未读").waitFor();
  await card.getByText("窦性心动过缓").waitFor();
  await p.shot("12-resident-reports");
  await card.click();
  await page.getByRole("region", { name: "诊断结论" }).getByText("窦性心动过缓").waitFor();
  await page.getByText(examNumber).waitFor();
  await p.shot("13-resident-report");
  await page.getByRole("button", { name: "大字" }).click();
  await p.shot("14-resident-large-print");
  await page.getByRole("button", { name: "看心电图" }).click();
  await page.getByRole("dialog", { name: "心电图" }).locator("canvas").first().waitFor();
  await page.waitForTimeout(600);
  await p.shot("15-resident-trace");
  const stored = await page.evaluate(async () => {
    const urls = [];
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys()) urls.push(request.url);
    return urls.filter((url) => url.includes("/api/"));
  });
  assert.deepEqual(stored, [], "nothing personal is kept on the phone");
  assert.deepEqual(p.faults, []);
  await p.close();
});

test("administrators have no clinical menu", { skip }, async () => {
  for (const login of ["sysadmin", "secadmin", "auditor"]) {
    const p = await person(browser);
    await signIn(p.page, accounts.get(login));
    // Without a second factor yet, enrolment comes before everything else.
    const gate = p.page.getByRole("heading", { name: "绑定动态验证码" });
    const menu = p.page.getByRole("navigation", { name: "主菜单" });
    await Promise.race([gate.waitFor().catch(() => undefined), menu.waitFor().catch(() => undefined)]);
    for (const name of ["判读工作台", "检查列表", "患者查询", "患者登记"]) {
      assert.equal(await p.page.getByRole("menuitem", { name }).count(), 0, `${login} must not see ${name}`);
    }
    await p.shot(`16-${login}`);
    await p.close();
  }
});
