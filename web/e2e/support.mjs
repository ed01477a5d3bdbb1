// What the stories share: a real Chromium, screenshots of each screen, and the demo accounts of the server under test.
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
export const BASE_URL = process.env.TIANMU_URL ?? "http://127.0.0.1:8080";
export const RESULTS = join(here, "results");
const SHARED = process.env.TIANMU_SHARED ?? resolve(here, "../../../shared");
const CHROMIUM = process.env.TIANMU_CHROMIUM ?? "/usr/bin/chromium";

/** The path of an input file that is not part of the project; null where it is not there. */
export function shared(path) {
  const full = join(SHARED, "data", path);
  return existsSync(full) ? full : null;
}

export async function launch() {
  mkdirSync(RESULTS, { recursive: true });
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A window of its own: own cookies, own person. Errors of the page's own program fail the story. */
export async function person(browser, { phone = false } = {}) {
  const context = await browser.newContext({
    baseURL: BASE_URL,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: phone ? { width: 390, height: 844 } : { width: 1366, height: 768 },
    hasTouch: phone,
    acceptDownloads: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error.stack ?? error)));
  return {
    context,
    page,
    faults,
    shot: async (name) => {
      // Let the motion of dialogs and drawers end, so that pictures can be compared.
      await page.waitForTimeout(350);
      await page.screenshot({ path: join(RESULTS, `${name}.png`) });
    },
    close: () => context.close(),
  };
}

/** Signs in on the staff application's own form. */
export async function signIn(page, account, path = "/") {
  await page.goto(path);
  await page.getByLabel("登录名").fill(account.login_name);
  await page.getByLabel("密码", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
}

/** The demo accounts, by their login names. */
export async function demoAccounts() {
  const answer = await fetch(`${BASE_URL}/api/v1/system/about`);
  if (!answer.ok) throw new Error(`no server at ${BASE_URL}: ${answer.status}`);
  const about = await answer.json();
  const accounts = new Map((about.demo_accounts ?? []).map((account) => [account.login_name, account]));
  return {
    demo: about.demo,
    get: (login) => {
      const account = accounts.get(login);
      if (!account) throw new Error(`the server has no demo account ${login}`);
      return account;
    },
  };
}
