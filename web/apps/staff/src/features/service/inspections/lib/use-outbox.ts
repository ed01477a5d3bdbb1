import { asApiError } from "@tianmu/api/problem";
import type { Inspection, InspectionAnswerInput } from "@tianmu/api/wire";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { randomKey } from "../../../ecg/lib/random-key";
import { saveUnit } from "../api/save-unit";
import { done, type Outbox, pending, put, putSkip, read, refused, take } from "./outbox";

/** What a refusal of the server means for the person: a message, and which answers it is about. */
export interface Refusal {
  unitId: string;
  error: unknown;
  /** Somebody else answered these meanwhile; theirs are shown now. */
  codes: string[] | null;
}

interface OutboxState {
  outbox: Outbox;
  /** Answers that have not arrived. */
  waiting: number;
  /** The line is lost; it is tried again by itself. */
  offline: boolean;
  tap: (unitId: string, answer: InspectionAnswerInput) => void;
  skip: (unitId: string, reason: string) => void;
  /** Tries at once. */
  retry: () => void;
}

const AFTER_TAP_MS = 500;
const LONGEST_RETRY_MS = 30_000;

/** Whether trying the same again may help: no line, a busy or restarting server, a session that ended. */
function passes(status: number): boolean {
  return status === 0 || status === 401 || status === 429 || status >= 500;
}

/** Keeps answers on this device until the server has them, and sends them unit by unit. */
export function useOutbox(
  inspection: Inspection,
  accountId: string,
  onRefused: (refusal: Refusal) => void,
): OutboxState {
  const queries = useQueryClient();
  // By account too: on a shared telephone nobody sends what somebody else has tapped.
  const store = `inspection-outbox-${accountId}-${inspection.id}`;
  const [outbox, setOutbox] = useState<Outbox>(() => read(localStorage.getItem(store)));
  const [offline, setOffline] = useState(false);
  const now = useRef({ outbox, inspection, onRefused, busy: false, failures: 0 });
  now.current.inspection = inspection;
  now.current.onRefused = onRefused;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const change = useCallback(
    (next: Outbox) => {
      now.current.outbox = next;
      // A device without room keeps the answers in memory only.
      try {
        if (Object.keys(next).length === 0) localStorage.removeItem(store);
        else localStorage.setItem(store, JSON.stringify(next));
      } catch {}
      setOutbox(next);
    },
    [store],
  );

  const flush = useCallback(async () => {
    const state = now.current;
    if (state.busy) return;
    state.busy = true;
    try {
      for (const unitId of Object.keys(state.outbox)) {
        const unit = state.inspection.unit_list.find((each) => each.id === unitId);
        if (!unit) {
          // Of another inspection, or of a plan that is gone.
          const { [unitId]: _, ...rest } = state.outbox;
          change(rest);
          continue;
        }
        const [taken, batch] = take(state.outbox, unitId, unit.row_version, randomKey);
        change(taken);
        if (!batch) continue;
        try {
          const saved = await saveUnit(state.inspection.id, unitId, batch);
          queries.setQueryData<Inspection>(["service", "inspection", state.inspection.id], (old) =>
            old ? { ...old, unit_list: old.unit_list.map((each) => (each.id === unitId ? saved : each)) } : old,
          );
          state.inspection = {
            ...state.inspection,
            unit_list: state.inspection.unit_list.map((each) => (each.id === unitId ? saved : each)),
          };
          change(done(state.outbox, unitId, batch.key));
          state.failures = 0;
          setOffline(false);
        } catch (error) {
          const problem = asApiError(error);
          if (passes(problem.status)) {
            state.failures += 1;
            setOffline(true);
            clearTimeout(timer.current);
            timer.current = setTimeout(flush, Math.min(LONGEST_RETRY_MS, 1000 * 2 ** state.failures));
            return;
          }
          const codes = problem.code === "stale_version" ? (problem.param<string[]>("codes") ?? null) : null;
          change(refused(state.outbox, unitId, batch.key, codes ?? undefined));
          await queries.refetchQueries({ queryKey: ["service", "inspection", state.inspection.id] });
          state.inspection =
            queries.getQueryData<Inspection>(["service", "inspection", state.inspection.id]) ?? state.inspection;
          state.onRefused({ unitId, error, codes });
        }
      }
    } finally {
      state.busy = false;
    }
    if (pending(now.current.outbox) > 0) timer.current = setTimeout(flush, AFTER_TAP_MS);
  }, [change, queries]);

  const soon = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(flush, AFTER_TAP_MS);
  }, [flush]);

  useEffect(() => {
    const retry = () => void flush();
    window.addEventListener("online", retry);
    if (pending(now.current.outbox) > 0) soon();
    return () => {
      window.removeEventListener("online", retry);
      clearTimeout(timer.current);
      // What waits stays on the device and is sent when the page is opened again.
      void flush();
    };
  }, [flush, soon]);

  return {
    outbox,
    waiting: pending(outbox),
    offline,
    tap: useCallback(
      (unitId, answer) => {
        change(put(now.current.outbox, unitId, answer));
        soon();
      },
      [change, soon],
    ),
    skip: useCallback(
      (unitId, reason) => {
        change(putSkip(now.current.outbox, unitId, reason));
        soon();
      },
      [change, soon],
    ),
    retry: useCallback(() => void flush(), [flush]),
  };
}
