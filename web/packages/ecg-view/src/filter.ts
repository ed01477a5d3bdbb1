/**
 * Display filters. They change what is drawn, never what is stored, and the viewer always names them.
 *
 * Every filter runs forward and backward (zero phase), so that it does not move the ST segment or the waves in time.
 * High- and low-pass are Butterworth of order 2 per pass, with the design frequency corrected so that the two passes
 * together are 3 dB down at the named frequency. The notch is a second-order IIR notch with Q = 25 (2 Hz wide per pass).
 * Edges are extended by odd reflection and every pass starts from the steady state of its first value, as in
 * Gustafsson 1996 / SciPy's `filtfilt(padtype="odd")`.
 *
 * Missing samples (NaN) are bridged by a straight line while filtering and are missing again afterwards.
 * Absent: 60 Hz, adaptive and non-linear filters.
 */

export type HighPassHz = 0.05 | 0.15 | 0.5;
export type LowPassHz = 40 | 75 | 100 | 150;

export interface FilterSettings {
  highPassHz: HighPassHz | null;
  lowPassHz: LowPassHz | null;
  notch50Hz: boolean;
}

export const FILTERS_OFF: FilterSettings = { highPassHz: null, lowPassHz: null, notch50Hz: false };
/** Diagnostic bandwidth of AHA/ACCF/HRS 2007 (Kligfield et al., Circulation 115:1306): 0.05–150 Hz. */
export const FILTERS_DIAGNOSTIC: FilterSettings = { highPassHz: 0.05, lowPassHz: 150, notch50Hz: false };
export const FILTERS_ROUTINE: FilterSettings = { highPassHz: 0.15, lowPassHz: 100, notch50Hz: true };
export const FILTERS_QUIET: FilterSettings = { highPassHz: 0.5, lowPassHz: 40, notch50Hz: true };
export const FILTER_PRESETS: readonly FilterSettings[] = [
  FILTERS_DIAGNOSTIC,
  FILTERS_ROUTINE,
  FILTERS_QUIET,
  FILTERS_OFF,
];

/** One second-order section: b0 + b1 z⁻¹ + b2 z⁻² over 1 + a1 z⁻¹ + a2 z⁻². */
export interface Biquad {
  b0: number;
  b1: number;
  b2: number;
  a1: number;
  a2: number;
}

/** Frequency correction for two passes of order 2: (√2 − 1)^(1/4). */
const TWO_PASS = (Math.SQRT2 - 1) ** 0.25;
const NOTCH_Q = 25;

export function lowPass(cutoffHz: number, sampleRateHz: number): Biquad {
  const w = Math.tan((Math.PI * cutoffHz) / sampleRateHz) / TWO_PASS;
  const norm = 1 / (1 + Math.SQRT2 * w + w * w);
  const b0 = w * w * norm;
  return { b0, b1: 2 * b0, b2: b0, a1: 2 * (w * w - 1) * norm, a2: (1 - Math.SQRT2 * w + w * w) * norm };
}

export function highPass(cutoffHz: number, sampleRateHz: number): Biquad {
  const w = Math.tan((Math.PI * cutoffHz) / sampleRateHz) * TWO_PASS;
  const norm = 1 / (1 + Math.SQRT2 * w + w * w);
  return { b0: norm, b1: -2 * norm, b2: norm, a1: 2 * (w * w - 1) * norm, a2: (1 - Math.SQRT2 * w + w * w) * norm };
}

export function notch(centreHz: number, sampleRateHz: number, q: number = NOTCH_Q): Biquad {
  const w0 = (2 * Math.PI * centreHz) / sampleRateHz;
  const beta = Math.tan(w0 / q / 2);
  const gain = 1 / (1 + beta);
  const b1 = -2 * gain * Math.cos(w0);
  return { b0: gain, b1, b2: gain, a1: b1, a2: 2 * gain - 1 };
}

/** Gain of both passes together at one frequency (1 = unchanged). */
export function zeroPhaseGain(section: Biquad, frequencyHz: number, sampleRateHz: number): number {
  const w = (2 * Math.PI * frequencyHz) / sampleRateHz;
  const magnitude2 = (c0: number, c1: number, c2: number) =>
    (c0 + c1 * Math.cos(w) + c2 * Math.cos(2 * w)) ** 2 + (c1 * Math.sin(w) + c2 * Math.sin(2 * w)) ** 2;
  return magnitude2(section.b0, section.b1, section.b2) / magnitude2(1, section.a1, section.a2);
}

/**
 * The settings that can really run at this rate: a low-pass at or above 0.45 of the rate and a notch at or above it
 * have nothing to do, so they are dropped, and the footer then does not claim them.
 */
export function effectiveFilters(settings: FilterSettings, sampleRateHz: number): FilterSettings {
  const limitHz = 0.45 * sampleRateHz;
  return {
    highPassHz: settings.highPassHz,
    lowPassHz: settings.lowPassHz !== null && settings.lowPassHz < limitHz ? settings.lowPassHz : null,
    notch50Hz: settings.notch50Hz && limitHz > 50,
  };
}

export function isFiltering(settings: FilterSettings): boolean {
  return settings.highPassHz !== null || settings.lowPassHz !== null || settings.notch50Hz;
}

export function sectionsFor(settings: FilterSettings, sampleRateHz: number): Biquad[] {
  const real = effectiveFilters(settings, sampleRateHz);
  const sections: Biquad[] = [];
  if (real.highPassHz !== null) sections.push(highPass(real.highPassHz, sampleRateHz));
  if (real.notch50Hz) sections.push(notch(50, sampleRateHz));
  if (real.lowPassHz !== null) sections.push(lowPass(real.lowPassHz, sampleRateHz));
  return sections;
}

/** Seconds of neighbouring signal that a window needs on both sides for its filtered middle to be seamless. */
export function contextSeconds(settings: FilterSettings): number {
  if (settings.highPassHz !== null) return Math.min(30, 2.5 / settings.highPassHz);
  return isFiltering(settings) ? 1.5 : 0;
}

/** Filters µV values forward and backward. NaN = missing. Returns a new array; an all-missing input comes back as it is. */
export function filterZeroPhase(input: Float32Array, sections: readonly Biquad[], padSamples: number): Float32Array {
  const n = input.length;
  if (sections.length === 0 || n < 3) return input.slice();
  const pad = Math.max(0, Math.min(Math.floor(padSamples), n - 1));
  const work = new Float64Array(n + 2 * pad);
  if (!bridgeMissing(input, work, pad)) return input.slice();
  const first = work[pad] as number;
  const last = work[pad + n - 1] as number;
  for (let i = 0; i < pad; i++) {
    work[i] = 2 * first - (work[2 * pad - i] as number);
    work[pad + n + i] = 2 * last - (work[pad + n - 2 - i] as number);
  }
  for (const section of sections) {
    runForward(work, section);
    runBackward(work, section);
  }
  const out = new Float32Array(n);
  for (let i = 0; i < n; i++) out[i] = Number.isNaN(input[i] as number) ? Number.NaN : (work[pad + i] as number);
  return out;
}

/** Copies to `work[pad..]` with gaps bridged linearly (flat at the ends). False when there is no sample at all. */
function bridgeMissing(input: Float32Array, work: Float64Array, pad: number): boolean {
  let previous = -1;
  for (let i = 0; i < input.length; i++) {
    const value = input[i] as number;
    if (Number.isNaN(value)) continue;
    if (previous < i - 1) {
      const before = previous < 0 ? value : (input[previous] as number);
      const span = i - previous;
      for (let k = previous + 1; k < i; k++) work[pad + k] = before + ((value - before) * (k - previous)) / span;
    }
    work[pad + i] = value;
    previous = i;
  }
  if (previous < 0) return false;
  work.fill(input[previous] as number, pad + previous + 1, pad + input.length);
  return true;
}

/** Direct form II transposed, in place, started from the steady state for the first value. */
function runForward(x: Float64Array, s: Biquad): void {
  const { b0, b1, b2, a1, a2 } = s;
  const start = x[0] as number;
  const dc = (b0 + b1 + b2) / (1 + a1 + a2);
  let z2 = (b2 - a2 * dc) * start;
  let z1 = (b1 - a1 * dc) * start + z2;
  for (let i = 0; i < x.length; i++) {
    const v = x[i] as number;
    const y = b0 * v + z1;
    z1 = b1 * v - a1 * y + z2;
    z2 = b2 * v - a2 * y;
    x[i] = y;
  }
}

function runBackward(x: Float64Array, s: Biquad): void {
  const { b0, b1, b2, a1, a2 } = s;
  const start = x[x.length - 1] as number;
  const dc = (b0 + b1 + b2) / (1 + a1 + a2);
  let z2 = (b2 - a2 * dc) * start;
  let z1 = (b1 - a1 * dc) * start + z2;
  for (let i = x.length - 1; i >= 0; i--) {
    const v = x[i] as number;
    const y = b0 * v + z1;
    z1 = b1 * v - a1 * y + z2;
    z2 = b2 * v - a2 * y;
    x[i] = y;
  }
}
