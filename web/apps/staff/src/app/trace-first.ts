// On a page with a trace, the trace comes first: whatever else is on it is built once the trace has been drawn, or after
// a moment when there is none to draw. Every other page is built at once.
import { useEffect, useSyncExternalStore } from "react";
import { tracedExam } from "./first-questions";

const AT_LATEST_MS = 1500;

let drawn = tracedExam(window.location.pathname) === null;
const listeners = new Set<() => void>();

function now(): void {
  if (drawn) return;
  drawn = true;
  for (const listener of listeners) listener();
}

/** The rest may follow, once the browser has shown what was drawn. */
export function noteTraceDrawn(): void {
  if (!drawn) requestAnimationFrame(() => setTimeout(now));
}

if (!drawn) setTimeout(now, AT_LATEST_MS);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** False only while the first page of this visit is waiting for its trace. */
export function useTraceDrawn(): boolean {
  return useSyncExternalStore(subscribe, () => drawn);
}

/** For a page that turns out to have no trace: what waits for it need not. */
export function useNoTrace(none: boolean): void {
  useEffect(() => {
    if (none) noteTraceDrawn();
  }, [none]);
}
