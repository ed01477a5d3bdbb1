import { describe, expect, it } from "vitest";
import {
  contextSeconds,
  effectiveFilters,
  FILTERS_OFF,
  filterZeroPhase,
  highPass,
  lowPass,
  notch,
  sectionsFor,
  zeroPhaseGain,
} from "../src/filter";

// Reference: SciPy 1.17.1, fs = 500 Hz. signal.butter(2, f, fs=500) with f = arctan(tan(pi fc/fs) / k) fs/pi for the low-pass,
// * k for the high-pass, k = (sqrt(2) - 1)**(1/4); signal.iirnotch(50, 25, 500); gain = |freqz|**2 (two passes).
describe("coefficients agree with SciPy", () => {
  const close = (s: ReturnType<typeof lowPass>, b: number[], a: number[]) => {
    for (const [i, v] of [s.b0, s.b1, s.b2].entries()) expect(v).toBeCloseTo(b[i] as number, 7);
    for (const [i, v] of [s.a1, s.a2].entries()) expect(v).toBeCloseTo(a[i] as number, 7);
  };
  it("low-pass 40 Hz", () => close(lowPass(40, 500), [0.06586986, 0.13173972, 0.06586986], [-1.15439506, 0.41787451]));
  it("high-pass 0.5 Hz", () =>
    close(highPass(0.5, 500), [0.99644207, -1.99288413, 0.99644207], [-1.99287148, 0.99289679]));
  it("notch 50 Hz", () => close(notch(50, 500), [0.98758894, -1.59795247, 0.98758894], [-1.59795247, 0.97517788]));
});

describe("frequency response of both passes", () => {
  const cases: [string, ReturnType<typeof lowPass>, [number, number][]][] = [
    [
      "low-pass 40 Hz",
      lowPass(40, 500),
      [
        [10, 0.998509],
        [20, 0.9763],
        [40, Math.SQRT1_2],
        [80, 0.10303],
        [120, 0.013313],
      ],
    ],
    [
      "low-pass 100 Hz",
      lowPass(100, 500),
      [
        [50, 0.983701],
        [100, Math.SQRT1_2],
        [150, 0.157853],
      ],
    ],
    [
      "high-pass 0.5 Hz",
      highPass(0.5, 500),
      [
        [0.05, 0.000241],
        [0.1, 0.003848],
        [0.5, Math.SQRT1_2],
        [1, 0.974766],
        [5, 0.999959],
      ],
    ],
    [
      "high-pass 0.15 Hz",
      highPass(0.15, 500),
      [
        [0.05, 0.028942],
        [0.15, Math.SQRT1_2],
        [1, 0.99979],
      ],
    ],
    [
      "high-pass 0.05 Hz",
      highPass(0.05, 500),
      [
        [0.01, 0.003848],
        [0.05, Math.SQRT1_2],
        [0.5, 0.999959],
      ],
    ],
    [
      "notch",
      notch(50, 500),
      [
        [40, 0.99197],
        [48, 0.805673],
        [49, 0.504381],
        [50, 0],
        [51, 0.495731],
        [52, 0.7946],
        [60, 0.988582],
      ],
    ],
  ];
  it.each(cases)("%s", (_name, section, points) => {
    for (const [hz, gain] of points) expect(zeroPhaseGain(section, hz, 500)).toBeCloseTo(gain, 5);
  });
  it("is 3 dB down at every named frequency, at any rate", () => {
    for (const rate of [250, 360, 500, 1000]) {
      for (const hz of [40, 75, 100]) expect(zeroPhaseGain(lowPass(hz, rate), hz, rate)).toBeCloseTo(Math.SQRT1_2, 9);
      for (const hz of [0.05, 0.15, 0.5])
        expect(zeroPhaseGain(highPass(hz, rate), hz, rate)).toBeCloseTo(Math.SQRT1_2, 6);
    }
  });
});

describe("filtering", () => {
  // x[i] = 1000 sin(2 pi 5 i/500) + 200 sin(2 pi 50 i/500) + 300, 2000 samples; scipy.signal.filtfilt(b, a, x, padtype="odd", padlen=500).
  const x = Float32Array.from(
    { length: 2000 },
    (_, i) => 1000 * Math.sin((2 * Math.PI * 5 * i) / 500) + 200 * Math.sin((2 * Math.PI * 50 * i) / 500) + 300,
  );
  const at = [0, 1, 500, 777, 1000, 1999];
  const cases: [string, ReturnType<typeof lowPass>, number[]][] = [
    ["low-pass 40 Hz", lowPass(40, 500), [300, 419.7878, 300, -784.2555, 300, 119.6524]],
    ["notch", notch(50, 500), [299.9937, 362.8928, 300, -692.0974, 299.9997, 119.6451]],
    ["high-pass 0.5 Hz", highPass(0.5, 500), [-3.5575, 176.8222, 1.6974, -1183.2453, -6.4802, 62.1805]],
  ];
  it.each(cases)("%s agrees with SciPy's filtfilt to 0.01 µV", (_name, section, expected) => {
    const y = filterZeroPhase(x, [section], 500);
    for (const [k, i] of at.entries()) expect(Math.abs((y[i] as number) - (expected[k] as number))).toBeLessThan(0.01);
  });
  it("keeps missing samples missing and does not spread them", () => {
    const holed = x.slice();
    holed.fill(Number.NaN, 900, 950);
    const y = filterZeroPhase(holed, [lowPass(100, 500)], 250);
    for (let i = 900; i < 950; i++) expect(y[i]).toBeNaN();
    expect(y.filter((v) => Number.isNaN(v)).length).toBe(50);
  });
  it("returns an all-missing input as it is", () => {
    const none = new Float32Array(10).fill(Number.NaN);
    expect([...filterZeroPhase(none, [lowPass(40, 500)], 5)].every(Number.isNaN)).toBe(true);
  });
  it("leaves a constant alone in a low-pass and removes it in a high-pass", () => {
    const flat = new Float32Array(500).fill(1234);
    for (const v of filterZeroPhase(flat, [lowPass(40, 500)], 100)) expect(v).toBeCloseTo(1234, 3);
    for (const v of filterZeroPhase(flat, [highPass(0.5, 500)], 100)) expect(Math.abs(v)).toBeLessThan(1e-3);
  });
});

describe("settings", () => {
  it("drops what a low sampling rate cannot carry", () => {
    expect(effectiveFilters({ highPassHz: 0.15, lowPassHz: 150, notch50Hz: true }, 250)).toEqual({
      highPassHz: 0.15,
      lowPassHz: null,
      notch50Hz: true,
    });
    expect(effectiveFilters({ highPassHz: null, lowPassHz: 40, notch50Hz: true }, 100)).toEqual({
      highPassHz: null,
      lowPassHz: 40,
      notch50Hz: false,
    });
    expect(sectionsFor(FILTERS_OFF, 500)).toEqual([]);
  });
  it("asks for more context the lower the high-pass", () => {
    expect(contextSeconds({ highPassHz: 0.05, lowPassHz: null, notch50Hz: false })).toBe(30);
    expect(contextSeconds({ highPassHz: 0.5, lowPassHz: null, notch50Hz: false })).toBe(5);
    expect(contextSeconds(FILTERS_OFF)).toBe(0);
  });
});
