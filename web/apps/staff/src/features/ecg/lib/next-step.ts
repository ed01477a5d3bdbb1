import type { Exam, ExamItem } from "@tianmu/api/wire";

export type OpenStep = "claim" | "claim_review" | "view";

/**
 * What opening an exam from the worklist does. An exam that is being read without a holder is one whose claim has run
 * out: it can be taken like a waiting one.
 */
export function openStep(
  item: Pick<ExamItem, "state" | "claimed_by">,
  may: { read: boolean; review: boolean },
): OpenStep {
  const free = item.claimed_by === null;
  switch (item.state) {
    case "submitted":
    case "withdrawn":
      return may.read ? "claim" : "view";
    case "reading":
      return may.read && free ? "claim" : "view";
    case "awaiting_review":
      return may.review ? "claim_review" : "view";
    case "reviewing":
      return may.review && free ? "claim_review" : "view";
    default:
      return "view";
  }
}

/** Whether this person has something to do with the exam on the reading screen. */
export function reads(exam: Pick<Exam, "allowed_actions">): boolean {
  const steps = ["claim", "claim_review", "save_report", "approve"] as const;
  return steps.some((step) => exam.allowed_actions.includes(step));
}
