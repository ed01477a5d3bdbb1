/** `npm run bench`: median time of a full redraw of 10 s × 12 leads at 500 Hz, per layout, in headless Chromium. */
import { hasChromium, withPage } from "./chromium.mjs";

if (!hasChromium()) {
  console.error("no Chromium: set CHROMIUM to its path");
  process.exit(1);
}
const results = await withPage("bench/index.html", { width: 1366, height: 768 }, async (page) => {
  await page.waitForFunction(() => "runBench" in window);
  return page.evaluate(() => window.runBench());
});
for (const r of results) {
  console.log(
    `${r.layout.padEnd(6)} redraw median ${r.medianMs.toFixed(1)} ms, worst ${r.worstMs.toFixed(1)} ms; scroll step median ${r.scrollMedianMs.toFixed(1)} ms`,
  );
}
