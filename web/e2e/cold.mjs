// How long a page takes in a browser that has never seen it: a fresh profile for each run, the session cookie already
// there, straight to the address. Several servers (or builds behind them) are measured in turn, so that a busy machine
// is unfair to all of them alike; the median counts.
//
//   node cold.mjs [--runs 9] [--page reading|exam|worklist|/path] [--profile file.cpuprofile] URL [URL…]
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "9" },
    page: { type: "string", default: "reading" },
    account: { type: "string", default: "reader1" },
    profile: { type: "string" },
    shot: { type: "string" },
  },
});
const servers = positionals.length > 0 ? positionals : [process.env.TIANMU_URL ?? "http://127.0.0.1:8080"];
const executablePath = process.env.TIANMU_CHROMIUM ?? "/usr/bin/chromium";

/** Signs in once for each server, and finds an exam with a recording. */
async function prepare(url) {
  const about = await (await fetch(`${url}/api/v1/system/about`)).json();
  const account = about.demo_accounts?.find((each) => each.login_name === values.account);
  if (!account) throw new Error(`${url} has no demo account ${values.account}`);
  const signedIn = await fetch(`${url}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login_name: account.login_name, password: account.password }),
  });
  if (!signedIn.ok) throw new Error(`${url} refused the sign-in: ${signedIn.status}`);
  const [name, value] = signedIn.headers.getSetCookie()[0].split(";")[0].split("=");
  const answer = await fetch(`${url}/api/v1/ecg/exams?limit=20`, { headers: { cookie: `${name}=${value}` } });
  const exam = (await answer.json()).items.find((each) => each.recording_count > 0);
  if (!exam && /reading|exam/.test(values.page)) throw new Error(`${url} has no exam with a recording`);
  const path =
    { reading: `/ecg/read/${exam?.id}`, exam: `/ecg/exams/${exam?.id}`, worklist: "/ecg/worklist" }[values.page] ??
    values.page;
  return { url, path, cookie: { name, value, url, httpOnly: true, sameSite: "Strict" } };
}

/** Runs in the page before its own program: notes when ink reaches a trace, and when a table has its first row. */
function observe() {
  const times = { longTaskMs: 0 };
  window.coldTimes = times;
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (image, ...rest) {
    put.call(this, image, ...rest);
    if (!times.drawn && new Uint32Array(image.data.buffer).some((pixel) => pixel !== 0))
      times.drawn = performance.now();
  };
  new MutationObserver((changes) => {
    if (changes.some((change) => [...change.addedNodes].some((node) => node.nodeType === 1 && !node.closest("head"))))
      times.built = performance.now();
    if (!times.rows && document.querySelector("tbody tr[data-row-key]")) times.rows = performance.now();
  }).observe(document, { childList: true, subtree: true });
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) times.longTaskMs += task.duration;
  }).observe({ type: "longtask", buffered: true });
}

async function run({ url, path, cookie }, first) {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--no-first-run"] });
  try {
    const context = await browser.newContext({
      baseURL: url,
      locale: "zh-CN",
      timezoneId: "Asia/Shanghai",
      viewport: { width: 1366, height: 768 },
    });
    await context.addCookies([cookie]);
    await context.addInitScript(observe);
    const page = await context.newPage();
    // The start of the browser itself is not what is measured.
    await page.waitForTimeout(700);
    let profiler;
    if (first && values.profile) {
      profiler = await context.newCDPSession(page);
      await profiler.send("Profiler.enable");
      await profiler.send("Profiler.setSamplingInterval", { interval: 200 });
      await profiler.send("Profiler.start");
    }
    const started = Date.now();
    await page.goto(path, { waitUntil: "commit" });
    const isTrace = /\/ecg\/(read|exams)\//.test(path);
    await page.waitForFunction((trace) => (trace ? window.coldTimes.drawn : window.coldTimes.rows), isTrace, {
      polling: 50,
    });
    await page.waitForLoadState("networkidle").catch(() => undefined);
    const idle = Date.now() - started;
    if (profiler) {
      const { profile } = await profiler.send("Profiler.stop");
      writeFileSync(values.profile, JSON.stringify(profile));
    }
    if (first && values.shot) await page.screenshot({ path: values.shot });
    return await page.evaluate((idleMs) => {
      const all = performance.getEntriesByType("resource");
      const asked = (pattern) => all.find((entry) => pattern.test(entry.name));
      const scripts = all.filter((entry) => /\.(js|css)$/.test(entry.name));
      const times = window.coldTimes;
      const before = times.drawn ?? times.rows;
      return {
        "first paint": performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
        "session asked": asked(/\/api\/v1\/session$/)?.startTime,
        "session there": asked(/\/api\/v1\/session$/)?.responseEnd,
        "record asked": asked(/\/ecg\/exams\/[^/?]+$/)?.startTime,
        "record there": asked(/\/ecg\/exams\/[^/?]+$/)?.responseEnd,
        "samples asked": asked(/\/waveform\?/)?.startTime,
        "samples there": asked(/\/waveform\?/)?.responseEnd,
        "trace drawn": times.drawn,
        "rows drawn": times.rows,
        "last part built": times.built,
        "network idle": idleMs,
        "long tasks": times.longTaskMs,
        "kB before": scripts
          .filter((entry) => entry.startTime < before)
          .reduce((sum, entry) => sum + entry.decodedBodySize / 1000, 0),
        "files before": scripts.filter((entry) => entry.startTime < before).length,
      };
    }, idle);
  } finally {
    await browser.close();
  }
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const targets = await Promise.all(servers.map(prepare));
const results = targets.map(() => []);
for (let n = 0; n < Number(values.runs); n++) {
  for (const [i, target] of targets.entries()) results[i].push(await run(target, n === 0 && i === targets.length - 1));
}
const rows = Object.keys(results[0][0]).map((what) => {
  const cells = results.map((runs) => runs.map((each) => each[what]).filter((value) => typeof value === "number"));
  return [what, cells];
});
for (const [what, cells] of rows) {
  if (cells.every((numbers) => numbers.length === 0)) continue;
  const shown = cells.map((numbers) => {
    if (numbers.length === 0) return "—".padStart(20);
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)].map(Math.round);
    return `${Math.round(median(numbers))} (${low}–${high})`.padStart(20);
  });
  console.log(what.padEnd(16), ...shown);
}
