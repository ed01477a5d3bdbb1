/**
 * Where the samples come from. A source answers windows; the viewer never asks for a whole long recording.
 * `count` is in original samples, whatever the step; the answer may be shorter (the end of the recording).
 */
import { windowUrl } from "./tiles";
import { MISSING_SAMPLE, parseWindow, WaveformError, type WaveformWindow } from "./wire";

export interface SourceMeta {
  sampleRateHz: number;
  sampleCount: number;
  /** Lead names in the order of the window's data, e.g. I, II, III, aVR … */
  leads: string[];
}

export interface WaveformSource {
  readonly meta: SourceMeta;
  window(startSample: number, count: number, step: number, signal?: AbortSignal): Promise<WaveformWindow>;
}

export type FetchLike = (
  url: string,
  init?: { signal?: AbortSignal; credentials?: RequestCredentials },
) => Promise<Response>;

/** Windows over HTTP: `GET {url}?start=&count=&step=`. The session cookie travels along. */
export class HttpWaveformSource implements WaveformSource {
  readonly meta: SourceMeta;
  readonly #url: string;
  readonly #fetch: FetchLike;

  constructor(url: string, meta: SourceMeta, fetchLike: FetchLike = (u, init) => fetch(u, init)) {
    this.#url = url;
    this.meta = meta;
    this.#fetch = fetchLike;
  }

  async window(startSample: number, count: number, step: number, signal?: AbortSignal): Promise<WaveformWindow> {
    const url = windowUrl(this.#url, startSample, count, step);
    let response: Response;
    try {
      response = await this.#fetch(
        url,
        signal ? { signal, credentials: "same-origin" } : { credentials: "same-origin" },
      );
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new WaveformError("waveform_network_error", "the waveform could not be fetched");
    }
    if (!response.ok) {
      throw new WaveformError("waveform_http_error", `the server answered ${response.status}`, response.status);
    }
    return parseWindow(await response.arrayBuffer());
  }
}

/** A recording that is already in memory (int16 units per lead). For short recordings, tests and demonstrations. */
export class MemoryWaveformSource implements WaveformSource {
  readonly meta: SourceMeta;
  readonly #leads: Int16Array[];
  readonly #resolutionUv: Float32Array;

  constructor(meta: SourceMeta, leads: Int16Array[], resolutionUv: number[]) {
    this.meta = meta;
    this.#leads = leads;
    this.#resolutionUv = Float32Array.from(resolutionUv);
  }

  window(startSample: number, count: number, step: number): Promise<WaveformWindow> {
    const start = Math.max(0, Math.min(startSample, this.meta.sampleCount));
    const end = Math.min(start + count, this.meta.sampleCount);
    const points = Math.ceil((end - start) / step);
    const leads = this.#leads.map((lead) =>
      step === 1 ? lead.slice(start, end) : minMaxPairs(lead, start, end, step, points),
    );
    return Promise.resolve({
      sampleRateHz: this.meta.sampleRateHz / step,
      startSample: start,
      step,
      points,
      totalSamples: this.meta.sampleCount,
      resolutionUv: this.#resolutionUv,
      leads,
    });
  }
}

/** One min/max pair for every `step` samples of `[start, end)`; a point without any sample is a missing pair. */
export function minMaxPairs(lead: Int16Array, start: number, end: number, step: number, points: number): Int16Array {
  const out = new Int16Array(2 * points);
  for (let p = 0; p < points; p++) {
    const from = start + p * step;
    const to = Math.min(from + step, end);
    let low = 32767;
    let high = MISSING_SAMPLE;
    for (let i = from; i < to; i++) {
      const value = lead[i] as number;
      if (value === MISSING_SAMPLE) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    out[2 * p] = high === MISSING_SAMPLE ? MISSING_SAMPLE : low;
    out[2 * p + 1] = high;
  }
  return out;
}
