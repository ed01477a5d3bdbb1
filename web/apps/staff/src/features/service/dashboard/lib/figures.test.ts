import { describe, expect, it } from "vitest";
import { percent, share } from "./figures";

describe("shares", () => {
  it("has none while nothing is decided", () => {
    expect(share({ met: 0, late: 0 })).toBeNull();
    expect(percent(null)).toBe("—");
  });
  it("does not round one late clock away", () => {
    expect(percent(share({ met: 9999, late: 1 }))).toBe("99.9%");
    expect(percent(share({ met: 3, late: 0 }))).toBe("100.0%");
    expect(percent(share({ met: 1, late: 2 }))).toBe("33.3%");
  });
});
