import type { ExamItem } from "@tianmu/api/wire";

export type DueLevel = "calm" | "near" | "over" | "none";

export interface Due {
  level: DueLevel;
  leftS: number | null;
}

/** States in which nobody waits for the report any more. */
const ENDED: ReadonlySet<ExamItem["state"]> = new Set(["published", "withdrawn", "voided", "retake_requested"]);

/** How the turn-around clock of an exam stands; "near" is the last fifth of the time, at least five minutes. */
export function due(item: Pick<ExamItem, "due_at" | "submitted_at" | "state">, nowMs: number): Due {
  if (!item.due_at || ENDED.has(item.state)) return { level: "none", leftS: null };
  const dueMs = Date.parse(item.due_at);
  const leftS = Math.floor((dueMs - nowMs) / 1000);
  if (leftS < 0) return { level: "over", leftS };
  const totalS = item.submitted_at ? (dueMs - Date.parse(item.submitted_at)) / 1000 : 0;
  return { level: leftS <= Math.max(300, totalS / 5) ? "near" : "calm", leftS };
}

/** Waiting time now, from the answer's figure and the answer's age. */
export function waitingS(item: Pick<ExamItem, "waiting_s">, answeredAtMs: number, nowMs: number): number | null {
  return item.waiting_s === null ? null : Math.max(0, item.waiting_s + Math.floor((nowMs - answeredAtMs) / 1000));
}
