import { expect, it } from "vitest";
import { due, waitingS } from "./waiting";

const at = (time: string) => Date.parse(`2026-11-22T${time}Z`);

it("tells calm, near and over apart", () => {
  const item = { submitted_at: "2026-11-22T08:00:00Z", due_at: "2026-11-22T09:00:00Z", state: "submitted" } as const;
  expect(due(item, at("08:10:00")).level).toBe("calm");
  expect(due(item, at("08:48:00"))).toEqual({ level: "near", leftS: 720 });
  expect(due(item, at("09:00:01"))).toEqual({ level: "over", leftS: -1 });
  expect(due({ submitted_at: null, due_at: null, state: "registered" }, at("09:00:00")).level).toBe("none");
});

it("stops when nobody waits any more", () => {
  const item = { submitted_at: "2026-11-22T08:00:00Z", due_at: "2026-11-22T09:00:00Z" };
  for (const state of ["published", "withdrawn", "voided", "retake_requested"] as const) {
    expect(due({ ...item, state }, at("20:00:00"))).toEqual({ level: "none", leftS: null });
  }
});

it("keeps at least five minutes of warning on a short limit", () => {
  const stat = { submitted_at: "2026-11-22T08:00:00Z", due_at: "2026-11-22T08:10:00Z", state: "submitted" } as const;
  expect(due(stat, at("08:04:59")).level).toBe("calm");
  expect(due(stat, at("08:05:00")).level).toBe("near");
});

it("ticks on from the answer", () => {
  expect(waitingS({ waiting_s: 100 }, 1000, 6000)).toBe(105);
  expect(waitingS({ waiting_s: null }, 1000, 6000)).toBeNull();
});
