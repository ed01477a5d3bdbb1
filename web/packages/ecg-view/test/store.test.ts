import { describe, expect, it } from "vitest";
import { FILTERS_OFF, type FilterSettings } from "../src/filter";
import { LruCache } from "../src/lru";
import type { WaveformSource } from "../src/source";
import { TraceStore } from "../src/store";
import { tileLength } from "../src/tiles";
import { MISSING_SAMPLE, type WaveformWindow } from "../src/wire";

describe("LruCache", () => {
  it("drops what was used longest ago when the cost is exceeded", () => {
    const cache = new LruCache<string, number>(10);
    cache.set("a", 1, 4);
    cache.set("b", 2, 4);
    expect(cache.get("a")).toBe(1);
    cache.set("c", 3, 4);
    expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([1, undefined, 3]);
    expect(cache.cost).toBe(8);
  });
  it("keeps one value that is larger than the limit, and replaces without counting twice", () => {
    const cache = new LruCache<string, number>(10);
    cache.set("big", 1, 50);
    expect(cache.get("big")).toBe(1);
    cache.set("big", 2, 60);
    expect(cache.cost).toBe(60);
    cache.set("next", 3, 1);
    expect([cache.size, cache.get("big")]).toEqual([1, undefined]);
  });
});

interface Asked {
  start: number;
  aborted: () => boolean;
  answer: () => void;
  fail: () => void;
}

/** A day at 100 Hz whose sample n has the value n mod 1000; answers when told to. */
function manual(seconds: number, gap?: [number, number]) {
  const asked: Asked[] = [];
  const source: WaveformSource = {
    meta: { sampleRateHz: 100, sampleCount: seconds * 100, leads: ["I"] },
    window: (start, count, _step, signal) =>
      new Promise<WaveformWindow>((resolve, reject) => {
        const lead = Int16Array.from({ length: count }, (_, i) =>
          gap && start + i >= gap[0] && start + i < gap[1] ? MISSING_SAMPLE : (start + i) % 1000,
        );
        asked.push({
          start,
          aborted: () => signal?.aborted ?? false,
          answer: () =>
            resolve({
              sampleRateHz: 100,
              startSample: start,
              step: 1,
              points: count,
              totalSamples: seconds * 100,
              resolutionUv: Float32Array.of(2),
              leads: [lead],
            }),
          fail: () => reject(new Error("down")),
        });
      }),
  };
  return { source, asked };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

async function answerAll(asked: Asked[]): Promise<void> {
  for (let done = 0; done < asked.length; ) {
    while (done < asked.length) asked[done++]?.answer();
    await settle();
  }
}

describe("TraceStore", () => {
  const quiet = { onChange: () => {}, onError: () => {} };

  it("holds a short recording in one tile and cuts a long one into about 16 s", () => {
    expect(tileLength(500, 5000)).toBe(5000);
    expect(tileLength(500, 43_200_000)).toBe(8192);
    expect(tileLength(100, 8_640_000)).toBe(2048);
  });

  it("fetches what is visible first, then ahead in the direction of scrolling, four at a time", async () => {
    const { source, asked } = manual(3600);
    const store = new TraceStore(source, FILTERS_OFF, quiet);
    store.want(40_960, 42_000, 1);
    expect(asked.map((a) => a.start / 2048)).toEqual([20, 21, 19, 22]);
    asked[0]?.answer();
    await settle();
    expect(asked.map((a) => a.start / 2048)).toEqual([20, 21, 19, 22, 23]);
    expect(store.values(0, 20)?.[5]).toBe(((40_960 + 5) % 1000) * 2);
    expect(store.values(0, 21)).toBeNull();
  });

  it("aborts what is no longer wanted when the reader jumps", () => {
    const { source, asked } = manual(86_400);
    const store = new TraceStore(source, FILTERS_OFF, quiet);
    store.want(0, 1000, 0);
    const early = asked.length;
    store.want(4_000_000, 4_001_000, 1);
    expect(asked.slice(0, early).every((a) => a.aborted())).toBe(true);
    expect(asked[early]?.start).toBe(Math.floor(4_000_000 / 2048) * 2048);
  });

  it("asks for a tile once, however often it is wanted", async () => {
    const { source, asked } = manual(30);
    const store = new TraceStore(source, FILTERS_OFF, quiet);
    for (let i = 0; i < 5; i++) store.want(0, 3000, 0);
    expect(asked.length).toBe(1);
    asked[0]?.answer();
    await settle();
    store.want(0, 3000, 0);
    expect(asked.length).toBe(1);
  });

  it("reports a failure once and asks again only after retry", async () => {
    const { source, asked } = manual(30);
    const errors: unknown[] = [];
    const store = new TraceStore(source, FILTERS_OFF, { onChange: () => {}, onError: (e) => errors.push(e) });
    store.want(0, 3000, 0);
    asked[0]?.fail();
    await settle();
    store.want(0, 3000, 0);
    expect([asked.length, errors.length, store.state(0), store.failed]).toEqual([1, 1, "failed", true]);
    store.retry();
    store.want(0, 3000, 0);
    expect(asked.length).toBe(2);
  });

  it("refuses an answer to another question", async () => {
    const errors: unknown[] = [];
    const source: WaveformSource = {
      meta: { sampleRateHz: 100, sampleCount: 1000, leads: ["I"] },
      window: () =>
        Promise.resolve({
          sampleRateHz: 100,
          startSample: 0,
          step: 1,
          points: 10,
          totalSamples: 1000,
          resolutionUv: Float32Array.of(1),
          leads: [new Int16Array(10)],
        }),
    };
    const store = new TraceStore(source, FILTERS_OFF, { onChange: () => {}, onError: (e) => errors.push(e) });
    store.want(0, 1000, 0);
    await settle();
    expect(errors[0]).toMatchObject({ code: "window_bad_header" });
  });

  it("keeps gaps as NaN", async () => {
    const { source, asked } = manual(30, [100, 110]);
    const store = new TraceStore(source, FILTERS_OFF, quiet);
    store.want(0, 3000, 0);
    await answerAll(asked);
    const values = store.values(0, 0);
    expect(values?.[99]).toBe(198);
    expect(values?.slice(100, 110).every(Number.isNaN)).toBe(true);
  });

  it("filters across tiles without a seam, and again when the neighbour arrives late", async () => {
    const filters: FilterSettings = { highPassHz: 0.5, lowPassHz: null, notch50Hz: false };
    // 0.2 Hz wander plus 3 Hz: the high-pass must see over the border of the tile.
    const wave = (n: number) =>
      Math.round(400 * Math.sin((2 * Math.PI * 0.2 * n) / 100) + 300 * Math.sin((2 * Math.PI * 3 * n) / 100));
    const seconds = 120;
    const make = (start: number, count: number): WaveformWindow => ({
      sampleRateHz: 100,
      startSample: start,
      step: 1,
      points: count,
      totalSamples: seconds * 100,
      resolutionUv: Float32Array.of(1),
      leads: [Int16Array.from({ length: count }, (_, i) => wave(start + i))],
    });
    const late = new Map<number, () => void>();
    const source: WaveformSource = {
      meta: { sampleRateHz: 100, sampleCount: seconds * 100, leads: ["I"] },
      window: (start, count) => new Promise((resolve) => late.set(start / 2048, () => resolve(make(start, count)))),
    };
    const store = new TraceStore(source, filters, quiet);
    store.want(2 * 2048, 3 * 2048, 0);
    late.get(2)?.();
    await settle();
    const before = store.values(0, 2)?.slice();
    for (let round = 0; round < 4; round++) {
      for (const answer of late.values()) answer();
      await settle();
      store.want(2 * 2048, 4 * 2048, 0);
    }
    const a = store.values(0, 2);
    const b = store.values(0, 3);
    // At a seam the step must be no larger than the signal's own steepest step: 300 µV × 2π × 3 Hz / 100 Hz = 57 µV.
    expect(Math.abs((b?.[0] ?? 0) - (a?.[2047] ?? 0))).toBeLessThan(60);
    // Two passes of order 2 let 0.058 of the 0.2 Hz wander through (23 µV of 400) and leave 3 Hz whole (300 µV).
    const peak = Math.max(...(a?.slice(500, 1500) ?? []));
    expect(peak).toBeGreaterThan(290);
    expect(peak).toBeLessThan(330);
    expect(before?.[2047]).not.toBe(a?.[2047]);
  });
});
