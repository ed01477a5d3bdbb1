import type { ServiceClock } from "@tianmu/api/wire";

/** Seconds until the limit of a clock, or, when it was stopped, what was left then. */
export function clockLeft(
  clock: Pick<ServiceClock, "started_at" | "due_at" | "stopped_at" | "paused" | "remaining_s">,
  now: number,
): { seconds: number; late: boolean; soon: boolean } {
  const due = Date.parse(clock.due_at);
  const seconds = clock.stopped_at || clock.paused ? clock.remaining_s : Math.floor((due - now) / 1000);
  const whole = Math.max(1, (due - Date.parse(clock.started_at)) / 1000);
  // Exactly at the limit is in time.
  return { seconds, late: seconds < 0, soon: !clock.stopped_at && seconds >= 0 && seconds < whole / 4 };
}
