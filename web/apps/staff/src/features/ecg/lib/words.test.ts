import { describe, expect, it } from "vitest";
import { outOfRange, shownValue, wireValue } from "./words";

describe("measurements on screen", () => {
  it("shows microvolts as millivolts and back", () => {
    expect(shownValue("rv5_uv", 1845)).toBe(1.85);
    expect(wireValue("rv5_uv", 1.85)).toBe(1850);
    expect(shownValue("qt_ms", 402.4)).toBe(402);
    expect(wireValue("pr_ms", 160)).toBe(160);
    expect(shownValue("pr_ms", null)).toBeNull();
  });

  it("marks what lies outside the usual adult range", () => {
    expect(outOfRange("heart_rate_bpm", 59)).toBe("low");
    expect(outOfRange("heart_rate_bpm", 60)).toBeNull();
    expect(outOfRange("heart_rate_bpm", 101)).toBe("high");
    expect(outOfRange("qrs_axis_deg", -31)).toBe("low");
    expect(outOfRange("qt_ms", 900)).toBeNull();
  });
});
