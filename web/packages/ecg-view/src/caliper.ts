/**
 * Caliper arithmetic. A caliper is two points on one row, in recording time and µV, so it survives scrolling and a change
 * of speed or gain. No snapping: it stands where the reader puts it.
 */

export interface CaliperPoint {
  timeS: number;
  uv: number;
}

export interface Caliper {
  row: number;
  a: CaliperPoint;
  b: CaliperPoint;
}

export interface CaliperReading {
  /** Always ≥ 0. */
  intervalMs: number;
  /** From a to b, with sign, in mV. */
  amplitudeMv: number;
  /** 60 000 / interval; null for intervals below 50 ms, where a rate means nothing. */
  rateBpm: number | null;
}

const SHORTEST_RATE_MS = 50;

export function readCaliper(caliper: Caliper): CaliperReading {
  const intervalMs = Math.abs(caliper.b.timeS - caliper.a.timeS) * 1000;
  return {
    intervalMs,
    amplitudeMv: (caliper.b.uv - caliper.a.uv) / 1000,
    rateBpm: intervalMs >= SHORTEST_RATE_MS ? 60_000 / intervalMs : null,
  };
}

export function formatReading(reading: CaliperReading): string {
  const parts = [`${Math.round(reading.intervalMs)} ms`];
  if (reading.rateBpm !== null) parts.push(`${Math.round(reading.rateBpm)} bpm`);
  const mv = reading.amplitudeMv;
  parts.push(`${mv < 0 ? "−" : ""}${Math.abs(mv).toFixed(2)} mV`);
  return parts.join(" · ");
}

/**
 * Times of the march-out marks inside `[fromS, toS]`: the interval repeated in both directions, without the two caliper
 * lines themselves. Empty for intervals below 50 ms; never more than 500 marks.
 */
export function marchTimes(caliper: Caliper, fromS: number, toS: number): number[] {
  const first = Math.min(caliper.a.timeS, caliper.b.timeS);
  const interval = Math.abs(caliper.b.timeS - caliper.a.timeS);
  if (interval * 1000 < SHORTEST_RATE_MS) return [];
  const from = Math.ceil((fromS - first) / interval - 1e-9);
  const to = Math.floor((toS - first) / interval + 1e-9);
  const times: number[] = [];
  for (let k = from; k <= to && times.length < 500; k++) {
    if (k !== 0 && k !== 1) times.push(first + k * interval);
  }
  return times;
}

export type CaliperHandle = "a" | "b" | "both";

/**
 * Which part of the caliper lies under a point, all in pixels: within `tolerancePx` of a vertical line (the nearer one
 * wins), between the lines near their bar = the whole caliper, else null.
 */
export function hitCaliper(
  aX: number,
  aY: number,
  bX: number,
  bY: number,
  x: number,
  y: number,
  reachY: number,
  tolerancePx: number,
): CaliperHandle | null {
  const top = Math.min(aY, bY) - reachY;
  const bottom = Math.max(aY, bY) + reachY;
  if (y < top || y > bottom) return null;
  const dA = Math.abs(x - aX);
  const dB = Math.abs(x - bX);
  if (Math.min(dA, dB) <= tolerancePx) return dA < dB || (dA === dB && x < aX) ? "a" : "b";
  return x > Math.min(aX, bX) && x < Math.max(aX, bX) ? "both" : null;
}

export function moveCaliper(caliper: Caliper, handle: CaliperHandle, deltaS: number, deltaUv: number): Caliper {
  const move = (p: CaliperPoint): CaliperPoint => ({ timeS: p.timeS + deltaS, uv: p.uv + deltaUv });
  return {
    row: caliper.row,
    a: handle === "b" ? caliper.a : move(caliper.a),
    b: handle === "a" ? caliper.b : move(caliper.b),
  };
}
