import { asApiError } from "@tianmu/api/problem";
import type { Exam } from "@tianmu/api/wire";
import { useCallback, useEffect, useRef, useState } from "react";
import { useSaveReport } from "../api/use-save-report";
import { type Draft, draftOf, editable, reportInput, sameDraft } from "../lib/report-draft";

export type SaveState = "saved" | "dirty" | "saving" | "failed" | "conflict";

const AUTOSAVE_MS = 1200;
const RETRY_MS = 5000;

/**
 * The report draft with autosave: one save at a time, a pause in typing before each, another try after a failure.
 * A conflict (somebody else changed the report) stops saving and is shown; nothing is overwritten.
 */
export function useReportDraft(exam: Exam) {
  const save = useSaveReport(exam.id);
  const [draft, setDraft] = useState(() => draftOf(exam));
  const [state, setState] = useState<SaveState>("saved");
  const [savedAt, setSavedAt] = useState<string | null>(exam.report?.updated_at ?? null);
  const [error, setError] = useState<unknown>(null);
  const saved = useRef(draft);
  const latest = useRef(draft);
  const version = useRef(exam.row_version);
  const running = useRef<Promise<boolean> | null>(null);
  const mayEdit = editable(exam.allowed_actions);
  latest.current = draft;

  // Another exam, a returned report or a new version: what the server has replaces what stood here, unless we have changes.
  const identity = `${exam.id}/${exam.report?.version ?? 0}/${exam.report?.state ?? "none"}/${mayEdit}`;
  const known = useRef(identity);
  useEffect(() => {
    version.current = Math.max(version.current, exam.row_version);
    if (running.current) return;
    const fresh = draftOf(exam);
    const touched = !sameDraft(latest.current, saved.current);
    if (known.current === identity && touched) {
      // Somebody else's words have arrived under unsaved words of ours: stop, and let the person decide.
      if (!sameDraft(fresh, saved.current)) setState("conflict");
      return;
    }
    known.current = identity;
    saved.current = fresh;
    if (!sameDraft(fresh, latest.current)) setDraft(fresh);
  }, [exam, identity]);

  const send = save.mutateAsync;
  const flush = useCallback(async (): Promise<boolean> => {
    if (running.current) await running.current;
    if (sameDraft(latest.current, saved.current)) return true;
    const run = (async () => {
      const sending = latest.current;
      setState("saving");
      try {
        const next = await send(reportInput(sending, version.current));
        version.current = next.row_version;
        saved.current = sending;
        setSavedAt(next.report?.updated_at ?? new Date().toISOString());
        setError(null);
        setState(sameDraft(latest.current, sending) ? "saved" : "dirty");
        return true;
      } catch (caught) {
        setError(caught);
        setState(asApiError(caught).code === "stale_version" ? "conflict" : "failed");
        return false;
      }
    })();
    running.current = run;
    try {
      return await run;
    } finally {
      running.current = null;
    }
  }, [send]);

  useEffect(() => {
    if (!mayEdit || sameDraft(draft, saved.current) || state === "conflict") return;
    if (state === "saved") setState("dirty");
    const timer = setTimeout(() => void flush(), state === "failed" ? RETRY_MS : AUTOSAVE_MS);
    return () => clearTimeout(timer);
  }, [draft, mayEdit, state, flush]);

  const change = useCallback(
    (part: Partial<Draft> | ((old: Draft) => Partial<Draft>)) =>
      setDraft((old) => ({ ...old, ...(typeof part === "function" ? part(old) : part) })),
    [],
  );
  return { draft, change, state, savedAt, error, mayEdit, flush, rowVersion: () => version.current };
}
