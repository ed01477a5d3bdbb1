import { clockOffsetMs } from "@tianmu/api/client";
import { useSyncExternalStore } from "react";

// One ticking clock for the page, running only while something shows it.
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!timer) {
    now = Date.now() + clockOffsetMs();
    timer = setInterval(() => {
      now = Date.now() + clockOffsetMs();
      for (const each of listeners) each();
    }, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The present by the server's clock in milliseconds, renewed each second. */
export function useNow(): number {
  return useSyncExternalStore(
    subscribe,
    () => now,
    () => now,
  );
}
