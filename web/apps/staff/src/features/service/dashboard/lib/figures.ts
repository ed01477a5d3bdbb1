import type { ServiceClocksKept } from "@tianmu/api/wire";

/** Share of the clocks that were kept, 0 to 1; none while nothing is decided. */
export function share(kept: Pick<ServiceClocksKept, "met" | "late">): number | null {
  const decided = kept.met + kept.late;
  return decided === 0 ? null : kept.met / decided;
}

/** `98.5%`; never 100 % when something was late. */
export function percent(value: number | null): string {
  if (value === null) return "—";
  const shown = Math.floor(value * 1000) / 10;
  return `${shown.toFixed(1)}%`;
}
