import { createContext, useContext } from "react";

/** Whether the live channel is open; lists fall back to polling when it is not. */
export const LiveContext = createContext(false);

export function useLiveOpen(): boolean {
  return useContext(LiveContext);
}

/** How often a live list asks by itself: rarely while hints arrive, often while they do not. */
export function usePollMs(): number {
  return useLiveOpen() ? 60_000 : 10_000;
}
