/** Seconds before the end at which the warning appears: a minute, or a third of a very short limit. */
export function warnLeadS(timeoutS: number): number {
  return Math.min(60, Math.floor(timeoutS / 3));
}

export type IdlePhase = "active" | "warning" | "expired";

export function idlePhase(idleS: number, timeoutS: number): IdlePhase {
  if (timeoutS <= 0) return "active";
  if (idleS >= timeoutS) return "expired";
  return idleS >= timeoutS - warnLeadS(timeoutS) ? "warning" : "active";
}
