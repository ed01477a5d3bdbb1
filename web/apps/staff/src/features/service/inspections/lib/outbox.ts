// What was tapped and has not reached the server yet. It survives a closed page and a lost line: each batch keeps its key, so
// that sending it again has its effect once. Pure, so that it can be tested without a telephone.
import type { InspectionAnswerInput } from "@tianmu/api/wire";

/** Answers that travel together. The key stays until the server has answered. */
export interface Batch {
  key: string;
  row_version: number;
  answers: InspectionAnswerInput[];
  skip_reason?: string;
}

export interface UnitBox {
  /** What the next batch will carry, by item code; the newest tap wins. */
  waiting: Record<string, InspectionAnswerInput>;
  skip_reason?: string;
  sending: Batch | null;
}

export type Outbox = Record<string, UnitBox>;

const EMPTY: UnitBox = { waiting: {}, sending: null };

function isEmpty(box: UnitBox): boolean {
  return box.sending === null && box.skip_reason === undefined && Object.keys(box.waiting).length === 0;
}

function withBox(outbox: Outbox, unit: string, box: UnitBox): Outbox {
  const next = { ...outbox };
  if (isEmpty(box)) delete next[unit];
  else next[unit] = box;
  return next;
}

/** A tap. */
export function put(outbox: Outbox, unit: string, answer: InspectionAnswerInput): Outbox {
  const box = outbox[unit] ?? EMPTY;
  return withBox(outbox, unit, { ...box, waiting: { ...box.waiting, [answer.code]: answer } });
}

/** Nobody could look at the unit; an empty reason takes it back. */
export function putSkip(outbox: Outbox, unit: string, reason: string): Outbox {
  return withBox(outbox, unit, { ...(outbox[unit] ?? EMPTY), skip_reason: reason });
}

/** The batch to send for a unit: the one that was under way, else a new one of what waits. */
export function take(outbox: Outbox, unit: string, rowVersion: number, key: () => string): [Outbox, Batch | null] {
  const box = outbox[unit];
  if (!box) return [outbox, null];
  if (box.sending) return [outbox, box.sending];
  const answers = Object.values(box.waiting);
  if (answers.length === 0 && box.skip_reason === undefined) return [outbox, null];
  const sending: Batch = { key: key(), row_version: rowVersion, answers, skip_reason: box.skip_reason };
  return [withBox(outbox, unit, { waiting: {}, sending }), sending];
}

/** The server has it. */
export function done(outbox: Outbox, unit: string, key: string): Outbox {
  const box = outbox[unit];
  if (!box || box.sending?.key !== key) return outbox;
  return withBox(outbox, unit, { ...box, sending: null });
}

/**
 * The server refused the batch: without `codes` it goes as a whole; with them only these answers go and the rest waits to be
 * sent anew. What was tapped meanwhile stays.
 */
export function refused(outbox: Outbox, unit: string, key: string, codes?: string[]): Outbox {
  const box = outbox[unit];
  if (!box || box.sending?.key !== key) return outbox;
  if (!codes) return withBox(outbox, unit, { ...box, sending: null });
  const kept = box.sending.answers.filter((answer) => !codes.includes(answer.code));
  const waiting = { ...Object.fromEntries(kept.map((answer) => [answer.code, answer])), ...box.waiting };
  const skip = box.skip_reason ?? (codes.includes("skip_reason") ? undefined : box.sending.skip_reason);
  return withBox(outbox, unit, { waiting, skip_reason: skip, sending: null });
}

/** How many answers have not arrived. */
export function pending(outbox: Outbox): number {
  return Object.values(outbox).reduce(
    (sum, box) =>
      sum +
      Object.keys(box.waiting).length +
      (box.skip_reason === undefined ? 0 : 1) +
      (box.sending ? box.sending.answers.length + (box.sending.skip_reason === undefined ? 0 : 1) : 0),
    0,
  );
}

/** What was tapped last for an item, if it has not arrived. */
export function tapped(outbox: Outbox, unit: string, code: string): InspectionAnswerInput | undefined {
  const box = outbox[unit];
  return box?.waiting[code] ?? box?.sending?.answers.find((answer) => answer.code === code);
}

/** The reason that has not arrived; undefined when there is none. */
export function tappedSkip(outbox: Outbox, unit: string): string | undefined {
  const box = outbox[unit];
  return box?.skip_reason ?? box?.sending?.skip_reason;
}

/** What was kept from before, or nothing when it cannot be read. */
export function read(text: string | null): Outbox {
  try {
    const found: unknown = JSON.parse(text ?? "{}");
    return typeof found === "object" && found !== null && !Array.isArray(found) ? (found as Outbox) : {};
  } catch {
    return {};
  }
}
