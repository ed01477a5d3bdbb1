import { beforeAll, describe, expect, it } from "vitest";
import { type Pen, InkLayer, packColour } from "../src/ink";
import { drawTraces, type TracePage, type Viewport } from "../src/draw";
import { pageGeometry } from "../src/geometry";
import { buildLayout } from "../src/layout";
import { DEFAULT_SETTINGS, filterText, nextPreset, settingsText } from "../src/settings";
import { FILTERS_DIAGNOSTIC, FILTERS_OFF, FILTERS_ROUTINE } from "../src/filter";
import { LABELS } from "../src/labels";

beforeAll(() => {
  // Node has no ImageData; the ink needs only its size and bytes.
  globalThis.ImageData ??= class {
    readonly data: Uint8ClampedArray;
    constructor(
      readonly width: number,
      readonly height: number,
    ) {
      this.data = new Uint8ClampedArray(4 * width * height);
    }
  } as unknown as typeof ImageData;
});

function layer(width: number): InkLayer {
  const ink = new InkLayer();
  ink.begin(40, 40, "#102030", width);
  return ink;
}

describe("ink", () => {
  it("a horizontal line of 2 px covers two rows wholly and none beside", () => {
    const ink = layer(2);
    ink.to(5, 10);
    ink.to(30, 10);
    expect([8, 9, 10, 11].map((y) => ink.coverage(15, y))).toEqual([0, 255, 255, 0]);
  });
  it("a line between pixel rows covers both by half", () => {
    const ink = layer(1);
    ink.to(5, 10);
    ink.to(30, 10);
    expect([ink.coverage(15, 9), ink.coverage(15, 10)]).toEqual([128, 128]);
  });
  it("a vertical line is as thick as a horizontal one", () => {
    const ink = layer(2);
    ink.to(10, 5);
    ink.to(10, 30);
    expect([8, 9, 10, 11].map((x) => ink.coverage(x, 15))).toEqual([0, 255, 255, 0]);
  });
  it("crossing lines do not darken each other, and a lifted pen leaves a gap", () => {
    const ink = layer(1);
    ink.to(5, 10);
    ink.to(15, 10);
    ink.lift();
    ink.to(25, 10);
    ink.to(35, 10);
    ink.lift();
    ink.to(5, 10);
    ink.to(15, 10);
    expect(ink.coverage(10, 9)).toBe(128);
    expect(ink.coverage(20, 9)).toBe(0);
  });
  it("stays inside its strip and its layer, whatever it is given", () => {
    const ink = layer(2);
    ink.strip(10, 20);
    ink.to(-1e9, 20);
    ink.to(1e9, 20);
    ink.to(15, -1e12);
    ink.to(15, 1e12);
    expect([ink.coverage(9, 20), ink.coverage(10, 20), ink.coverage(19, 20), ink.coverage(20, 20)]).toEqual([
      0, 255, 255, 0,
    ]);
    expect(ink.coverage(15, 0)).toBe(255);
  });
  it("packs colours for little-endian pixels", () => {
    expect(packColour("#102030")).toBe(0x302010);
  });
});

describe("traces", () => {
  /** Writes down the polylines instead of drawing them. */
  class Recorder implements Pen {
    lines: [number, number][][] = [];
    #line: [number, number][] | null = null;
    strip(): void {
      this.#line = null;
    }
    to(x: number, y: number): void {
      if (!this.#line) {
        this.#line = [];
        this.lines.push(this.#line);
      }
      this.#line.push([x, y]);
    }
    lift(): void {
      this.#line = null;
    }
    flush(): void {
      this.#line = null;
    }
  }
  const leads = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
  const layout = buildLayout(leads, { layout: "3x4+1", cabrera: false, rhythmLead: "II" });
  const view: Viewport = { widthPx: 1100, heightPx: 600, panX: 0, panY: 0, dpr: 1 };
  const geometry = pageGeometry({
    layout,
    viewWidthPx: 1100,
    viewHeightPx: 600,
    pxPerMm: 4,
    speedMmS: 25,
    gainMmMv: 10,
    durationS: 10,
  });
  const page = (values: Float32Array | null): TracePage => ({
    geometry,
    cells: layout.cells,
    originS: 0,
    sampleRateHz: 500,
    sampleCount: 5000,
    reader: { tileSamples: 5000, values: () => values },
  });

  it("the calibration pulse is 10 mm high and 5 mm wide at 10 mm/mV and 25 mm/s", () => {
    const pen = new Recorder();
    drawTraces(pen, view, page(null));
    const pulse = pen.lines[0] as [number, number][];
    const xs = pulse.map((p) => p[0]);
    const ys = pulse.map((p) => p[1]);
    expect(Math.max(...ys) - Math.min(...ys)).toBe(40);
    expect((xs[3] ?? 0) - (xs[2] ?? 0)).toBe(20);
    expect(xs[1]).toBe(xs[2]);
  });
  it("1 mV is drawn 40 px above the baseline at 4 px/mm, at the time it was", () => {
    const values = new Float32Array(5000);
    values[500] = 1000; // at 1.0 s, in the first column
    const pen = new Recorder();
    drawTraces(pen, view, page(values));
    const baseline = (geometry.rows[0]?.baselineMm ?? 0) * 4;
    const points = pen.lines.slice(4).flat();
    const top = points.filter((p) => p[1] === baseline - 40);
    expect(top.length).toBeGreaterThan(0);
    expect(top[0]?.[0]).toBeCloseTo((15 + 25) * 4, 6);
  });
  it("a peak of one sample survives the reduction to pixels at 12.5 mm/s", () => {
    const slow = pageGeometry({
      layout,
      viewWidthPx: 1100,
      viewHeightPx: 600,
      pxPerMm: 4,
      speedMmS: 12.5,
      gainMmMv: 10,
      durationS: 10,
    });
    const values = new Float32Array(5000);
    values[503] = 1000;
    const pen = new Recorder();
    drawTraces(pen, view, { ...page(values), geometry: slow });
    const baseline = (slow.rows[0]?.baselineMm ?? 0) * 4;
    expect(pen.lines.flat().some((p) => p[1] === baseline - 40)).toBe(true);
  });
  it("missing samples leave a gap, missing tiles are reported", () => {
    const values = new Float32Array(5000);
    values.fill(Number.NaN, 400, 600);
    const pen = new Recorder();
    expect(drawTraces(pen, view, page(values))).toEqual([]);
    const gapFrom = (15 + 25 * 0.8) * 4;
    const gapTo = (15 + 25 * 1.2) * 4;
    for (const line of pen.lines.slice(4)) {
      const before = line.some((p) => p[0] < gapFrom);
      const after = line.some((p) => p[0] > gapTo);
      const nearFirstGap = line.every((p) => p[0] < 300);
      if (nearFirstGap) expect(before && after).toBe(false);
    }
    expect(drawTraces(new Recorder(), view, page(null)).length).toBe(13);
  });
});

describe("footer", () => {
  it("always names speed, gain and filters", () => {
    expect(settingsText({ ...DEFAULT_SETTINGS, filters: FILTERS_ROUTINE }, 500, LABELS.en)).toBe(
      "25 mm/s 10 mm/mV 0.15–100 Hz 50 Hz notch",
    );
    expect(settingsText({ ...DEFAULT_SETTINGS, filters: FILTERS_ROUTINE }, 500, LABELS["zh-CN"])).toBe(
      "25 mm/s 10 mm/mV 0.15–100 Hz 50 Hz 陷波",
    );
    expect(filterText(FILTERS_OFF, 500, LABELS.en)).toBe("no filter");
  });
  it("does not claim a low-pass that the sampling rate cannot carry", () => {
    expect(filterText(FILTERS_DIAGNOSTIC, 250, LABELS.en)).toBe("High-pass 0.05 Hz");
  });
  it("cycles through the presets", () => {
    expect(nextPreset(FILTERS_DIAGNOSTIC)).toEqual(FILTERS_ROUTINE);
    expect(nextPreset(FILTERS_OFF)).toEqual(FILTERS_DIAGNOSTIC);
    expect(nextPreset({ highPassHz: 0.5, lowPassHz: null, notch50Hz: false })).toEqual(FILTERS_DIAGNOSTIC);
  });
});
