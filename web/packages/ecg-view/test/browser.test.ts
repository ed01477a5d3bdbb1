import { describe, expect, it } from "vitest";
import { EXECUTABLE, hasChromium, withPage } from "../bench/chromium.mjs";

const LIMIT_MS = 60_000;
const present = hasChromium();
if (!present) console.log(`skipped: ${EXECUTABLE} not there`);

/** What the development page puts on `window`. */
interface DevWindow {
  viewer: {
    settings: Record<string, unknown>;
    positionS: number;
    isComplete: boolean;
    root: HTMLElement;
    goTo(timeS: number): void;
    drawNow(): void;
  };
  source: { requests: number };
  runBench(): Promise<{ layout: string; medianMs: number }[]>;
}
declare const window: Window & DevWindow;

describe.skipIf(!present)("in Chromium", () => {
  it("redraws 10 s of 12 leads within the limit", { timeout: LIMIT_MS }, async () => {
    const results = await withPage("bench/index.html", { width: 1366, height: 768 }, async (page) => {
      await page.waitForFunction(() => "runBench" in window);
      return page.evaluate(() => window.runBench());
    });
    // The aim is 16 ms on a quiet machine (see `npm run bench`); this only refuses a change of order of magnitude.
    for (const r of results) expect(r.medianMs, r.layout).toBeLessThan(60);
  });

  it("measures with the caliper, in the footer too", { timeout: LIMIT_MS }, async () => {
    const reading = await withPage(
      "dev/index.html?layout=12x1&zoom=true",
      { width: 1366, height: 900 },
      async (page) => {
        await page.waitForFunction(() => window.viewer?.isComplete);
        await page.focus(".ecgv-stage");
        await page.keyboard.press("c");
        const box = await page.locator(".ecgv-stage").boundingBox();
        if (!box) throw new Error("no stage");
        // 20 mm at 25 mm/s and 96 dpi: 75.59 px = 800 ms.
        await page.mouse.move(box.x + 300, box.y + 200);
        await page.mouse.down();
        await page.mouse.move(box.x + 340, box.y + 200);
        await page.mouse.move(box.x + 300 + 75.59, box.y + 200 - 37.8);
        await page.mouse.up();
        return page.locator(".ecgv-footer b[aria-live]").textContent();
      },
    );
    expect(reading).toBe("800 ms · 75 bpm · 1.00 mV");
  });

  it("answers every key, and names the filter that runs", { timeout: LIMIT_MS }, async () => {
    await withPage("dev/index.html?locale=en", { width: 1366, height: 768 }, async (page) => {
      await page.waitForFunction(() => window.viewer?.isComplete);
      await page.focus(".ecgv-stage");
      const footer = () => page.locator(".ecgv-footer b").first().textContent();
      const setting = (name: string) => page.evaluate((n) => window.viewer.settings[n], name);
      await page.keyboard.press("f");
      await expect.poll(footer).toBe("25 mm/s 10 mm/mV 0.15–100 Hz 50 Hz notch");
      await page.keyboard.press("3");
      await page.keyboard.press("+");
      await expect.poll(footer).toBe("50 mm/s 20 mm/mV 0.15–100 Hz 50 Hz notch");
      await page.keyboard.press("l");
      expect(await setting("layout")).toBe("3x4+3");
      await page.keyboard.press("m");
      expect(await setting("tool")).toBe("magnifier");
      await page.keyboard.press("Escape");
      expect(await setting("tool")).toBe("none");
      await page.keyboard.press("b");
      expect(await setting("beats")).toBe(true);
      await page.keyboard.press("z");
      expect(await setting("zoom")).toBe("true");
    });
  });

  it("moves a fiducial by mouse and keys, reports the intervals, and goes back", { timeout: LIMIT_MS }, async () => {
    await withPage("dev/index.html?mode=median&locale=en", { width: 1366, height: 768 }, async (page) => {
      const changes: { intervals: { pr_ms: number; p_duration_ms: number; qt_ms: number }; isAutomatic: boolean }[] =
        [];
      page.on("console", (message) => {
        if (message.text().startsWith("fiducials ")) changes.push(JSON.parse(message.text().slice(10)));
      });
      await page.waitForFunction(() => window.viewer?.isComplete || document.querySelector(".ecgv-readout b"));
      const readout = () => page.locator(".ecgv-readout").textContent();
      // The development page sets its lines at known places: P 108 ms, PR 174 ms, QRS 104 ms, QT 426 ms, RR 800 ms.
      await expect.poll(readout).toContain("PR174 ms");
      expect(await readout()).toContain("QTcB476 ms");
      await page.focus(".ecgv-stage");
      await page.keyboard.press("ArrowDown"); // selects P on
      await page.keyboard.press("ArrowLeft"); // one sample = 2 ms earlier
      await expect.poll(() => changes.length).toBe(1);
      expect(changes[0]).toMatchObject({
        intervals: { pr_ms: 176, p_duration_ms: 110, qt_ms: 426 },
        isAutomatic: false,
      });
      await page.getByRole("button", { name: "Back to automatic" }).click();
      await expect.poll(() => changes.length).toBe(2);
      expect(changes[1]).toMatchObject({ intervals: { pr_ms: 174 }, isAutomatic: true });
    });
  });

  it("scrolls a day by windows, not by the whole", { timeout: LIMIT_MS }, async () => {
    await withPage("dev/index.html?hours=24&delay=30", { width: 1366, height: 768 }, async (page) => {
      await page.waitForFunction(() => window.viewer?.isComplete, undefined, { timeout: 20_000 });
      await page.focus(".ecgv-stage");
      const before = await page.evaluate(() => window.source.requests);
      expect(before).toBeLessThan(12);
      await page.keyboard.press("End");
      await expect.poll(() => page.evaluate(() => window.viewer.positionS)).toBe(86_390);
      await expect.poll(() => page.evaluate(() => window.viewer.isComplete), { timeout: 10_000 }).toBe(true);
      expect(await page.evaluate(() => window.source.requests)).toBeLessThan(24);
      await page.mouse.move(700, 300);
      await page.mouse.down();
      await page.mouse.move(760, 300);
      await page.mouse.move(800, 300);
      await page.mouse.up();
      await expect.poll(() => page.evaluate(() => window.viewer.positionS)).toBeLessThan(86_390);
    });
  });

  it("stacks the leads on a phone and keeps every control reachable", { timeout: LIMIT_MS }, async () => {
    await withPage("dev/index.html", { width: 390, height: 844 }, async (page) => {
      await page.waitForFunction(() => window.viewer?.isComplete);
      expect(await page.evaluate(() => window.viewer.settings.layout)).toBe("12x1");
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      await page.getByRole("button", { name: "卡尺" }).click();
      expect(await page.evaluate(() => window.viewer.settings.tool)).toBe("caliper");
    });
  });
});
