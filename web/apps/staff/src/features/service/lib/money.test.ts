import { describe, expect, it } from "vitest";
import { toCents, yuan } from "./money";

describe("amounts", () => {
  it("are shown with two decimals and groups of three", () => {
    expect([842416, 98000000, 5, 0, -10].map(yuan)).toEqual(["8,424.16", "980,000.00", "0.05", "0.00", "-0.10"]);
    expect(yuan(null)).toBe("—");
  });

  it("are read without floating point", () => {
    // 1038.825 would be rounded by a float; more than two decimals are no amount.
    expect(["1000", "999.99", "0.1", "1,038.82"].map(toCents)).toEqual([100000, 99999, 10, 103882]);
    expect(["", "abc", "1.005", "-1", null].map(toCents)).toEqual([null, null, null, null, null]);
  });
});
