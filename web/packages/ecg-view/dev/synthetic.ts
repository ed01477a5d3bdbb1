/**
 * A small synthetic 12-lead ECG for the development page and the benchmark: sums of Gaussian waves, sinus rhythm near
 * 75/min with a premature ventricular beat now and then. Any window is computed on request, so a day costs nothing.
 */
import type { MedianBeats, ViewAnalysis } from "../src/model";
import { minMaxPairs, type SourceMeta, type WaveformSource } from "../src/source";
import type { WaveformWindow } from "../src/wire";

const LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
/** Peak µV of P, Q, R, S, T for I, II and the chest leads; the other limb leads follow from I and II. */
const WAVES: Record<string, number[]> = {
  I: [90, -60, 720, -110, 220],
  II: [150, -80, 1150, -160, 310],
  V1: [60, 0, 220, -980, -60],
  V2: [70, 0, 480, -1650, 420],
  V3: [75, 0, 900, -1250, 560],
  V4: [80, -70, 1780, -620, 520],
  V5: [80, -110, 1620, -260, 400],
  V6: [80, -110, 1180, -110, 300],
};
/** Centre (s from R) and width (s) of each wave. */
const SHAPE = [
  [-0.165, 0.022],
  [-0.028, 0.008],
  [0, 0.011],
  [0.03, 0.011],
  [0.27, 0.048],
] as const;
const RESOLUTION_UV = 2.5;
const PVC_EVERY = 17;

function beatTime(k: number): number {
  return 0.45 + 0.8 * k + 0.025 * Math.sin((2 * Math.PI * k) / 5) - (isPvc(k) ? 0.3 : 0);
}

function isPvc(k: number): boolean {
  return k % PVC_EVERY === PVC_EVERY - 4;
}

function gauss(t: number, centre: number, width: number): number {
  const z = (t - centre) / width;
  return z > 5 || z < -5 ? 0 : Math.exp(-0.5 * z * z);
}

function beatUv(lead: string, t: number, pvc: boolean): number {
  const waves = WAVES[lead];
  if (!waves) return 0;
  if (pvc) {
    const sign = lead === "V1" || lead === "V2" ? 1 : -1;
    return sign * (1500 * gauss(t, 0, 0.038) - 520 * gauss(t, 0.24, 0.06));
  }
  let sum = 0;
  for (let i = 0; i < SHAPE.length; i++) sum += (waves[i] ?? 0) * gauss(t, SHAPE[i]?.[0] ?? 0, SHAPE[i]?.[1] ?? 1);
  return sum;
}

/** A cheap deterministic noise in −1 … 1. */
function noise(n: number, lead: number): number {
  const x = Math.sin(n * 12.9898 + lead * 78.233) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

function sampleUv(lead: string, leadNumber: number, n: number, rate: number): number {
  const t = n / rate;
  const k = Math.round((t - 0.45) / 0.8);
  let uv = 0;
  for (let b = k - 1; b <= k + 1; b++) if (b >= 0) uv += beatUv(lead, t - beatTime(b), isPvc(b));
  const wander = 60 * Math.sin(2 * Math.PI * 0.22 * t + leadNumber);
  const mains = 14 * Math.sin(2 * Math.PI * 50 * t + leadNumber);
  return uv + wander + mains + 9 * noise(n, leadNumber);
}

export class SyntheticSource implements WaveformSource {
  readonly meta: SourceMeta;
  readonly #delayMs: number;
  /** How many windows were asked for. */
  requests = 0;

  constructor(durationS: number, sampleRateHz = 500, delayMs = 0) {
    this.meta = { sampleRateHz, sampleCount: Math.round(durationS * sampleRateHz), leads: LEADS };
    this.#delayMs = delayMs;
  }

  async window(startSample: number, count: number, step: number, signal?: AbortSignal): Promise<WaveformWindow> {
    this.requests++;
    if (this.#delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#delayMs));
    signal?.throwIfAborted();
    const end = Math.min(startSample + count, this.meta.sampleCount);
    const points = Math.ceil((end - startSample) / step);
    // An overview of a day looks at a stretch of every step only; a server does the whole work.
    const leads = step > 64 ? this.#sparse(startSample, step, points) : this.#dense(startSample, end, step, points);
    return {
      sampleRateHz: this.meta.sampleRateHz / step,
      startSample,
      step,
      points,
      totalSamples: this.meta.sampleCount,
      resolutionUv: new Float32Array(LEADS.length).fill(RESOLUTION_UV),
      leads,
    };
  }

  #dense(start: number, end: number, step: number, points: number): Int16Array[] {
    const rate = this.meta.sampleRateHz;
    const base: Record<string, Float32Array> = {};
    for (const [i, lead] of Object.keys(WAVES).entries()) {
      const values = new Float32Array(end - start);
      for (let n = start; n < end; n++) values[n - start] = sampleUv(lead, i, n, rate);
      base[lead] = values;
    }
    const mix: Record<string, [number, number]> = { III: [-1, 1], aVR: [-0.5, -0.5], aVL: [1, -0.5], aVF: [-0.5, 1] };
    return LEADS.map((lead) => {
      const out = new Int16Array(end - start);
      const own = base[lead];
      const [a, b] = mix[lead] ?? [0, 0];
      for (let i = 0; i < out.length; i++) {
        const uv = own ? own[i] : a * (base.I?.[i] ?? 0) + b * (base.II?.[i] ?? 0);
        out[i] = Math.round((uv ?? 0) / RESOLUTION_UV);
      }
      return step === 1 ? out : minMaxPairs(out, 0, out.length, step, points);
    });
  }

  #sparse(start: number, step: number, points: number): Int16Array[] {
    const out = LEADS.map(() => new Int16Array(2 * points));
    for (let p = 0; p < points; p++) {
      const from = start + p * step;
      const piece = this.#dense(from, Math.min(from + 64, this.meta.sampleCount), 64, 1);
      for (let i = 0; i < out.length; i++) {
        out[i]?.set(piece[i] ?? [], 2 * p);
      }
    }
    return out;
  }
}

export function syntheticAnalysis(durationS: number, rate = 500): ViewAnalysis {
  const beats: NonNullable<ViewAnalysis["beats"]> = [];
  for (let k = 0; beatTime(k) < Math.min(durationS, 86_400); k++) {
    const rr = k === 0 ? null : (beatTime(k) - beatTime(k - 1)) * 1000;
    beats.push({ r_sample: Math.round(beatTime(k) * rate), kind: isPvc(k) ? "ventricular" : "normal", rr_ms: rr });
  }
  const length = Math.round(0.75 * rate);
  const r = Math.round(0.3 * rate);
  const beat = (lead: string) => Array.from({ length }, (_, i) => beatUv(lead, (i - r) / rate, false));
  const one = beat("I");
  const two = beat("II");
  const derived: Record<string, number[]> = {
    III: two.map((v, i) => v - (one[i] ?? 0)),
    aVR: two.map((v, i) => -(v + (one[i] ?? 0)) / 2),
    aVL: one.map((v, i) => v - (two[i] ?? 0) / 2),
    aVF: two.map((v, i) => v - (one[i] ?? 0) / 2),
  };
  const at = (seconds: number) => r + Math.round(seconds * rate);
  const median: MedianBeats = {
    sample_rate_hz: rate,
    leads: LEADS.map((lead) => ({ lead, samples_uv: derived[lead] ?? beat(lead) })),
    fiducials: {
      p_on: at(-0.22),
      p_off: at(-0.112),
      qrs_on: at(-0.046),
      r,
      qrs_off: at(0.058),
      t_peak: at(0.27),
      t_off: at(0.38),
    },
  };
  return { global: { rr_mean_ms: 800, heart_rate_bpm: 75 }, quality: [{ lead: "V3", level: "noisy" }], beats, median };
}
