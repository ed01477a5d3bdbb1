import { describe, expect, it } from "vitest";
import { type Caliper, formatReading, hitCaliper, marchTimes, moveCaliper, readCaliper } from "../src/caliper";
import { intervalsOf, moveFiducial } from "../src/model";
import { beatClass } from "../src/theme";

const caliper: Caliper = { row: 0, a: { timeS: 1, uv: 0 }, b: { timeS: 1.8, uv: 1250 } };

describe("caliper", () => {
  it("reads 800 ms as 75 per minute", () => {
    expect(readCaliper(caliper)).toEqual({ intervalMs: 800, amplitudeMv: 1.25, rateBpm: 75 });
    expect(formatReading(readCaliper(caliper))).toBe("800 ms · 75 bpm · 1.25 mV");
  });
  it("reads the same interval backwards, with the amplitude's sign", () => {
    const reading = readCaliper({ row: 0, a: caliper.b, b: caliper.a });
    expect(reading.intervalMs).toBe(800);
    expect(formatReading(reading)).toBe("800 ms · 75 bpm · −1.25 mV");
  });
  it("has no rate below 50 ms", () => {
    expect(readCaliper({ ...caliper, b: { timeS: 1.04, uv: 0 } }).rateBpm).toBeNull();
  });
  it("marches to both sides, without its own lines", () => {
    const times = marchTimes(caliper, -0.6, 4.2).map((t) => Number(t.toFixed(6)));
    expect(times).toEqual([-0.6, 0.2, 2.6, 3.4, 4.2]);
    expect(marchTimes({ ...caliper, b: caliper.a }, 0, 10)).toEqual([]);
    expect(marchTimes({ ...caliper, b: { timeS: 1.05, uv: 0 } }, 0, 86_400).length).toBe(500);
  });
  it("is taken by the nearer line, else by its middle", () => {
    expect(hitCaliper(100, 50, 180, 40, 103, 50, 20, 7)).toBe("a");
    expect(hitCaliper(100, 50, 180, 40, 176, 45, 20, 7)).toBe("b");
    expect(hitCaliper(100, 50, 180, 40, 140, 45, 20, 7)).toBe("both");
    expect(hitCaliper(100, 50, 180, 40, 140, 95, 20, 7)).toBeNull();
    expect(hitCaliper(100, 50, 180, 40, 60, 45, 20, 7)).toBeNull();
    // A caliper narrower than the finger can still be widened.
    expect(hitCaliper(100, 50, 104, 50, 90, 50, 20, 22)).toBe("a");
    expect(hitCaliper(100, 50, 104, 50, 115, 50, 20, 22)).toBe("b");
  });
  it("moves one line or the whole", () => {
    expect(moveCaliper(caliper, "b", 0.1, -50).b).toEqual({ timeS: 1.9000000000000001, uv: 1200 });
    expect(moveCaliper(caliper, "b", 0.1, -50).a).toEqual(caliper.a);
    expect(readCaliper(moveCaliper(caliper, "both", 3, 10)).intervalMs).toBeCloseTo(800, 6);
  });
});

describe("intervals from fiducials", () => {
  // By hand: 500 Hz, so 2 ms a sample. RR 640 ms = 0.64 s: sqrt = 0.8, cube root = 0.861774.
  const fiducials = { p_on: 50, p_off: 102, qrs_on: 130, r: 150, qrs_off: 175, t_peak: 270, t_off: 310 };
  it("agree with hand computation", () => {
    expect(intervalsOf(fiducials, 500, 640)).toEqual({
      p_duration_ms: 104,
      pr_ms: 160,
      qrs_ms: 90,
      qt_ms: 360,
      qtc_bazett_ms: 450,
      qtc_fridericia_ms: 418,
    });
  });
  it("are null where a fiducial or the RR is missing", () => {
    const result = intervalsOf({ ...fiducials, p_on: null, p_off: null }, 500, null);
    expect(result).toEqual({
      p_duration_ms: null,
      pr_ms: null,
      qrs_ms: 90,
      qt_ms: 360,
      qtc_bazett_ms: null,
      qtc_fridericia_ms: null,
    });
  });
  it("a line cannot pass its neighbour or leave the beat", () => {
    expect(moveFiducial(fiducials, "p_off", 400, 375).p_off).toBe(129);
    expect(moveFiducial(fiducials, "p_on", -20, 375).p_on).toBe(0);
    expect(moveFiducial(fiducials, "t_off", 999, 375).t_off).toBe(374);
    expect(moveFiducial({ ...fiducials, p_on: null, p_off: null }, "qrs_on", 3, 375).qrs_on).toBe(3);
  });
});

it("beat kinds that are not known are never normal", () => {
  expect(["N", "normal", "V", "ventricular", "S", "/", "paced", "F", "zz", ""].map(beatClass)).toEqual([
    "normal",
    "normal",
    "ventricular",
    "ventricular",
    "supraventricular",
    "paced",
    "paced",
    "fusion",
    "unknown",
    "unknown",
  ]);
});
