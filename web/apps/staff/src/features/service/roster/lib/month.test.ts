import { describe, expect, it } from "vitest";
import { isWeekend, monthAfter, weeks } from "./month";

describe("the grid of a month", () => {
  it("begins on Monday", () => {
    // 1 February 2026 is a Sunday, the 28th a Saturday: five rows, six holes before and one after.
    const rows = weeks("2026-02");
    expect(rows).toHaveLength(5);
    expect(rows[0]).toEqual([null, null, null, null, null, null, "2026-02-01"]);
    expect(rows[4]?.slice(5)).toEqual(["2026-02-28", null]);
  });
  it("knows weekends and the next year", () => {
    expect(isWeekend("2026-02-28")).toBe(true);
    expect(isWeekend("2026-02-27")).toBe(false);
    expect(monthAfter("2026-12", 1)).toBe("2027-01");
    expect(monthAfter("2026-01", -1)).toBe("2025-12");
  });
});
