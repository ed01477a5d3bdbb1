/**
 * The binary waveform window of the Tianmu API ("TMWW", little endian):
 *
 *     0  u8[4]  magic "TMWW"
 *     4  u16    version = 1
 *     6  u16    lead count
 *     8  f32    sample rate in Hz after decimation
 *    12  u32    start, in original samples
 *    16  u32    step: original samples per point (1 = raw, more = min/max pairs)
 *    20  u32    points per lead (two values, min then max, per point when step > 1)
 *    24  u32    total samples of the recording
 *    28  u32    resolution count (= lead count)
 *    32  f32[]  resolution in µV per unit, one per lead
 *     …  i16[]  data, lead after lead; -32768 = missing
 *
 * Invariant: a parsed window never refers to bytes outside its buffer, and every resolution is finite and positive.
 * Absent: writing windows for production use; `encodeWindow` exists for tests and for in-memory sources.
 */

export const MISSING_SAMPLE = -32768;
const MAGIC = 0x5757_4d54; // "TMWW" read as a little-endian u32
const HEADER_BYTES = 32;
/** A window is a screenful or a tile of one; more leads than this is a wrong file, not a recording. */
const MAX_LEADS = 128;

export interface WaveformWindow {
  /** Rate of the points, in Hz. */
  sampleRateHz: number;
  /** First original sample of the window. */
  startSample: number;
  /** Original samples per point. */
  step: number;
  /** Points per lead. */
  points: number;
  /** Samples of the whole recording per lead. */
  totalSamples: number;
  /** µV per unit, per lead. */
  resolutionUv: Float32Array;
  /** Per lead: `points` values (step 1) or `2 * points` values min, max, min, max … */
  leads: Int16Array[];
}

export type WaveformErrorCode =
  | "window_too_short"
  | "window_wrong_magic"
  | "window_wrong_version"
  | "window_bad_header"
  | "window_truncated"
  | "waveform_http_error"
  | "waveform_network_error";

export class WaveformError extends Error {
  readonly code: WaveformErrorCode;
  readonly status: number | null;
  constructor(code: WaveformErrorCode, detail: string, status: number | null = null) {
    super(detail);
    this.name = "WaveformError";
    this.code = code;
    this.status = status;
  }
}

/** Decodes one window. Throws `WaveformError` for anything that is not a whole, sane window. */
export function parseWindow(buffer: ArrayBuffer): WaveformWindow {
  if (buffer.byteLength < HEADER_BYTES) {
    throw new WaveformError(
      "window_too_short",
      `a window has at least ${HEADER_BYTES} bytes, this one ${buffer.byteLength}`,
    );
  }
  const view = new DataView(buffer);
  if (view.getUint32(0, true) !== MAGIC)
    throw new WaveformError("window_wrong_magic", "the bytes are not a waveform window");
  const version = view.getUint16(4, true);
  if (version !== 1) throw new WaveformError("window_wrong_version", `window version ${version} is not supported`);
  const leadCount = view.getUint16(6, true);
  const sampleRateHz = view.getFloat32(8, true);
  const startSample = view.getUint32(12, true);
  const step = view.getUint32(16, true);
  const points = view.getUint32(20, true);
  const totalSamples = view.getUint32(24, true);
  const resolutionCount = view.getUint32(28, true);
  if (leadCount > MAX_LEADS) throw new WaveformError("window_bad_header", `${leadCount} leads are too many`);
  if (resolutionCount !== leadCount) {
    throw new WaveformError("window_bad_header", `${resolutionCount} resolutions for ${leadCount} leads`);
  }
  if (!(sampleRateHz > 0 && sampleRateHz <= 1e6)) {
    throw new WaveformError("window_bad_header", "the sample rate is not a positive number");
  }
  if (step < 1) throw new WaveformError("window_bad_header", "the step is zero");
  if (startSample > totalSamples) throw new WaveformError("window_bad_header", "the window starts after the end");
  const valuesPerLead = step > 1 ? points * 2 : points;
  const dataOffset = HEADER_BYTES + 4 * leadCount;
  // Plain doubles: 2^32 points × 128 leads stays far below 2^53, so a hostile count cannot wrap around.
  const needed = dataOffset + 2 * valuesPerLead * leadCount;
  if (buffer.byteLength < needed) {
    throw new WaveformError("window_truncated", `the window promises ${needed} bytes and has ${buffer.byteLength}`);
  }
  const resolutionUv = new Float32Array(leadCount);
  for (let i = 0; i < leadCount; i++) {
    const value = view.getFloat32(HEADER_BYTES + 4 * i, true);
    if (!(value > 0 && Number.isFinite(value))) {
      throw new WaveformError("window_bad_header", `the resolution of lead ${i} is not a positive number`);
    }
    resolutionUv[i] = value;
  }
  const leads: Int16Array[] = [];
  for (let i = 0; i < leadCount; i++) leads.push(readInt16(buffer, dataOffset + 2 * valuesPerLead * i, valuesPerLead));
  return { sampleRateHz, startSample, step, points, totalSamples, resolutionUv, leads };
}

const LITTLE_ENDIAN_HOST = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function readInt16(buffer: ArrayBuffer, byteOffset: number, count: number): Int16Array {
  // The offset is always even (32 + 4·leads + 2·n), so a view on the buffer costs nothing.
  if (LITTLE_ENDIAN_HOST) return new Int16Array(buffer, byteOffset, count);
  const view = new DataView(buffer, byteOffset, 2 * count);
  return Int16Array.from({ length: count }, (_, i) => view.getInt16(2 * i, true));
}

/** The inverse of `parseWindow`, for tests and demonstration servers. */
export function encodeWindow(window: WaveformWindow): ArrayBuffer {
  const leadCount = window.leads.length;
  const valuesPerLead = window.step > 1 ? window.points * 2 : window.points;
  const buffer = new ArrayBuffer(HEADER_BYTES + 4 * leadCount + 2 * valuesPerLead * leadCount);
  const view = new DataView(buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, 1, true);
  view.setUint16(6, leadCount, true);
  view.setFloat32(8, window.sampleRateHz, true);
  view.setUint32(12, window.startSample, true);
  view.setUint32(16, window.step, true);
  view.setUint32(20, window.points, true);
  view.setUint32(24, window.totalSamples, true);
  view.setUint32(28, leadCount, true);
  let offset = HEADER_BYTES;
  for (let i = 0; i < leadCount; i++, offset += 4) view.setFloat32(offset, window.resolutionUv[i] ?? 1, true);
  for (const lead of window.leads) {
    for (let i = 0; i < valuesPerLead; i++, offset += 2) view.setInt16(offset, lead[i] ?? MISSING_SAMPLE, true);
  }
  return buffer;
}
