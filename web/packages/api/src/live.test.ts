import { expect, it } from "vitest";
import { staleKeys } from "./live";

it("makes the lists and the one exam stale that a hint speaks of", () => {
  const keys = staleKeys({ topic: "ecg_exam_changed", resource_id: "e1" });
  expect(keys).toContainEqual(["ecg", "worklist"]);
  expect(keys).toContainEqual(["ecg", "exam", "e1"]);
  expect(staleKeys({ topic: "patients_merged", resource_id: "p1" })).toContainEqual(["patient", "p1"]);
  expect(staleKeys({ topic: "job_dead", resource_id: "j1" })).toEqual([["jobs"]]);
});
