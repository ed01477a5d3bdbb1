/**
 * How a recording is cut into requests. Without imports, so that an application can ask for the first samples before it
 * has loaded the viewer.
 */

const TILE_SECONDS = 16;
const SINGLE_TILE_SECONDS = 60;

/** Samples in a tile: a power of two of about 16 s, or the whole of a short recording. */
export function tileLength(sampleRateHz: number, sampleCount: number): number {
  if (sampleCount <= SINGLE_TILE_SECONDS * sampleRateHz) return Math.max(1, sampleCount);
  return 2 ** Math.round(Math.log2(TILE_SECONDS * sampleRateHz));
}

/** The address of a window of samples below the address of the recording's waveform. */
export function windowUrl(url: string, startSample: number, count: number, step: number): string {
  return `${url}${url.includes("?") ? "&" : "?"}start=${startSample}&count=${count}&step=${step}`;
}
