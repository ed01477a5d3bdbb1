import { describe, expect, it } from "vitest";
import { clockLeft } from "./clock-left";

const clock = {
  started_at: "2025-03-03T01:58:00Z",
  due_at: "2025-03-03T02:13:00Z",
  stopped_at: null,
  paused: false,
  remaining_s: 0,
};

describe("what is left of a clock", () => {
  it("is in time to the very second of the limit", () => {
    const at = (time: string) => clockLeft(clock, Date.parse(`2025-03-03T${time}Z`));
    expect(at("02:13:00")).toMatchObject({ seconds: 0, late: false });
    expect(at("02:13:01")).toMatchObject({ seconds: -1, late: true });
    expect([at("02:00:00").soon, at("02:10:00").soon]).toEqual([false, true]);
  });

  it("stands still when the clock was stopped or pauses", () => {
    const later = Date.parse("2025-03-03T09:00:00Z");
    expect(clockLeft({ ...clock, stopped_at: "2025-03-03T02:00:00Z", remaining_s: 780 }, later).seconds).toBe(780);
    expect(clockLeft({ ...clock, paused: true, remaining_s: 60 }, later).late).toBe(false);
  });
});
