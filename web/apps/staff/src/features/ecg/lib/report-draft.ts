// The report while it is written: what stands in the editor, whether it differs from what is saved, and what is sent.
import type { Exam, GlobalMeasurements, ReportInput } from "@tianmu/api/wire";

export interface Draft {
  recordingId: string;
  findings: string;
  /** One diagnosis a line. */
  conclusion: string;
  abnormal: boolean;
  edited: Partial<Record<keyof GlobalMeasurements, number>>;
}

export function draftOf(exam: Pick<Exam, "recordings" | "report">): Draft {
  const report = exam.report;
  const edited: Draft["edited"] = {};
  for (const each of report?.measurements ?? [])
    if (each.edited !== null) edited[each.name as keyof GlobalMeasurements] = each.edited;
  return {
    recordingId: report?.recording_id ?? exam.recordings.at(-1)?.id ?? "",
    findings: report?.findings ?? "",
    conclusion: (report?.conclusion ?? []).join("\n"),
    abnormal: report?.abnormal ?? false,
    edited,
  };
}

export function conclusionLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

export function reportInput(draft: Draft, rowVersion: number): ReportInput {
  return {
    recording_id: draft.recordingId,
    measurements: (Object.entries(draft.edited) as [keyof GlobalMeasurements, number][]).map(([name, edited]) => ({
      name,
      edited,
    })),
    findings: draft.findings,
    conclusion: conclusionLines(draft.conclusion),
    abnormal: draft.abnormal,
    row_version: rowVersion,
  };
}

/** Equal but for white space at the ends, which is no change worth saving. */
export function sameDraft(a: Draft, b: Draft): boolean {
  const essence = (draft: Draft) =>
    JSON.stringify({ ...reportInput(draft, 0), findings: draft.findings.trim(), measurements: sorted(draft.edited) });
  return essence(a) === essence(b);
}

function sorted(edited: Draft["edited"]): [string, number][] {
  return Object.entries(edited).sort(([a], [b]) => a.localeCompare(b));
}

/** Adds a phrase, or several on lines of their own, to the conclusion; each stands there once. */
export function withPhrase(conclusion: string, phrase: string): string {
  const lines = conclusionLines(conclusion);
  const added = conclusionLines(phrase).filter((line) => !lines.includes(line));
  return added.length === 0 ? conclusion : [...lines, ...added].join("\n");
}

/** What still stands in the way of signing. */
export function missingForSign(draft: Draft): ("findings" | "conclusion")[] {
  const missing: ("findings" | "conclusion")[] = [];
  if (draft.findings.trim() === "") missing.push("findings");
  if (conclusionLines(draft.conclusion).length === 0) missing.push("conclusion");
  return missing;
}

/** Whether the report may be written now: the server says so with the exam. */
export function editable(allowed: readonly string[]): boolean {
  return allowed.includes("save_report");
}

/** Takes over intervals that the person measured on the median beat; what equals the machine's value is no edit. */
export function withIntervals(
  edited: Draft["edited"],
  intervals: Partial<Record<keyof GlobalMeasurements, number | null>>,
  machine: GlobalMeasurements | null,
): Draft["edited"] {
  const next = { ...edited };
  for (const [key, value] of Object.entries(intervals)) {
    const name = key as keyof GlobalMeasurements;
    const own = machine?.[name];
    if (value === null || value === undefined || (own !== null && own !== undefined && Math.round(own) === value))
      delete next[name];
    else next[name] = value;
  }
  return next;
}
