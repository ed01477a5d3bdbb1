/**
 * The parts of a recording's analysis that the viewer shows. Structurally a subset of the API's `Analysis`, so an app
 * passes what it received.
 */

export interface Fiducials {
  p_on: number | null;
  p_off: number | null;
  qrs_on: number | null;
  r: number | null;
  qrs_off: number | null;
  t_peak: number | null;
  t_off: number | null;
}

export interface MedianBeats {
  sample_rate_hz: number;
  leads: { lead: string; samples_uv: number[] }[];
  fiducials: Fiducials;
}

export type QualityLevel = "ok" | "noisy" | "flat" | "missing";

export interface ViewAnalysis {
  global?: { rr_mean_ms?: number | null; heart_rate_bpm?: number | null } | null;
  quality?: { lead: string; level: QualityLevel }[];
  beats?: { r_sample: number; kind: string; rr_ms: number | null }[];
  median?: MedianBeats | null;
}

export interface Intervals {
  p_duration_ms: number | null;
  pr_ms: number | null;
  qrs_ms: number | null;
  qt_ms: number | null;
  qtc_bazett_ms: number | null;
  qtc_fridericia_ms: number | null;
}

/**
 * Global intervals from fiducials (samples of the median beat). Null where a fiducial is missing or the order is wrong.
 * QTc: Bazett 1920, QT / RR^(1/2), and Fridericia 1920, QT / RR^(1/3), RR in seconds; null without a mean RR.
 */
export function intervalsOf(fiducials: Fiducials, sampleRateHz: number, rrMeanMs: number | null): Intervals {
  const ms = (from: number | null, to: number | null): number | null =>
    from === null || to === null || to < from ? null : Math.round(((to - from) * 1000) / sampleRateHz);
  const qt = ms(fiducials.qrs_on, fiducials.t_off);
  const corrected = (power: number): number | null =>
    qt === null || rrMeanMs === null || !(rrMeanMs > 0) ? null : Math.round(qt / (rrMeanMs / 1000) ** power);
  return {
    p_duration_ms: ms(fiducials.p_on, fiducials.p_off),
    pr_ms: ms(fiducials.p_on, fiducials.qrs_on),
    qrs_ms: ms(fiducials.qrs_on, fiducials.qrs_off),
    qt_ms: qt,
    qtc_bazett_ms: corrected(1 / 2),
    qtc_fridericia_ms: corrected(1 / 3),
  };
}

export type FiducialName = "p_on" | "p_off" | "qrs_on" | "qrs_off" | "t_off";
export const FIDUCIAL_NAMES: readonly FiducialName[] = ["p_on", "p_off", "qrs_on", "qrs_off", "t_off"];

/** Moves one fiducial, kept between its neighbours (one sample apart at least) and inside the beat. */
export function moveFiducial(fiducials: Fiducials, name: FiducialName, sample: number, length: number): Fiducials {
  const order: (keyof Fiducials)[] = ["p_on", "p_off", "qrs_on", "r", "qrs_off", "t_peak", "t_off"];
  const at = order.indexOf(name);
  let low = 0;
  let high = length - 1;
  for (let i = 0; i < at; i++) {
    const value = fiducials[order[i] as keyof Fiducials];
    if (value !== null) low = Math.max(low, value + 1);
  }
  for (let i = order.length - 1; i > at; i--) {
    const value = fiducials[order[i] as keyof Fiducials];
    if (value !== null) high = Math.min(high, value - 1);
  }
  return { ...fiducials, [name]: Math.max(low, Math.min(Math.max(low, high), Math.round(sample))) };
}
