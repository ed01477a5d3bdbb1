/**
 * The samples the viewer draws: raw tiles fetched from the source, filtered tiles computed from them, both in LRU caches.
 *
 * A tile is a fixed stretch of all leads (about 16 s; a recording up to 60 s is one tile). Visible tiles are fetched
 * first, then the context the filters need, then the neighbours in the direction of scrolling. Requests that are no
 * longer wanted are dropped before they start and aborted when under way. A tile that failed stays failed until `retry`.
 *
 * Invariant: `values` never blocks and never throws; it answers null until the tile is there.
 */
import { contextSeconds, type FilterSettings, filterZeroPhase, sectionsFor } from "./filter";
import { LruCache } from "./lru";
import type { WaveformSource } from "./source";
import { tileLength } from "./tiles";
import { MISSING_SAMPLE, WaveformError, type WaveformWindow } from "./wire";

const RAW_CACHE_BYTES = 48 * 1024 * 1024;
const FILTERED_CACHE_BYTES = 64 * 1024 * 1024;
const MAX_REQUESTS = 4;
const PREFETCH_AHEAD = 3;
const PREFETCH_BEHIND = 1;

interface FilteredTile {
  values: Float32Array;
  /** All the context it wants was there; otherwise it is computed again when more arrives. */
  settled: boolean;
}

export type TileState = "ready" | "loading" | "failed" | "absent";

export interface TraceStoreEvents {
  /** New samples are there: draw again. */
  onChange(): void;
  onError(error: unknown): void;
}

export class TraceStore {
  readonly tileSamples: number;
  readonly tileCount: number;
  readonly #source: WaveformSource;
  readonly #events: TraceStoreEvents;
  readonly #raw = new LruCache<number, WaveformWindow>(RAW_CACHE_BYTES);
  readonly #filtered = new LruCache<string, FilteredTile>(FILTERED_CACHE_BYTES);
  readonly #running = new Map<number, AbortController>();
  readonly #failed = new Set<number>();
  #wanted: number[] = [];
  /** Tiles to filter while nothing else happens, nearest first. */
  #soon: number[] = [];
  #warming: ReturnType<typeof setTimeout> | null = null;
  #filters: FilterSettings;
  #closed = false;

  constructor(source: WaveformSource, filters: FilterSettings, events: TraceStoreEvents) {
    this.#source = source;
    this.#filters = filters;
    this.#events = events;
    this.tileSamples = tileLength(source.meta.sampleRateHz, source.meta.sampleCount);
    this.tileCount = Math.ceil(source.meta.sampleCount / this.tileSamples);
  }

  setFilters(filters: FilterSettings): void {
    this.#filters = filters;
    this.#filtered.clear();
  }

  state(tile: number): TileState {
    if (this.#raw.peek(tile)) return "ready";
    if (this.#failed.has(tile)) return "failed";
    return this.#running.has(tile) || this.#wanted.includes(tile) ? "loading" : "absent";
  }

  /** Filtered µV of one lead in one tile, NaN = missing; null while the tile is not there. */
  values(lead: number, tile: number): Float32Array | null {
    const key = `${tile}:${lead}`;
    const known = this.#filtered.get(key);
    if (known) return known.values;
    if (!this.#raw.get(tile)) return null;
    const computed = this.#compute(lead, tile);
    this.#filtered.set(key, computed, computed.values.byteLength);
    return computed.values;
  }

  /** States what is on the screen (samples) and in which direction it moves (−1, 0, 1). */
  want(fromSample: number, toSample: number, direction: number): void {
    if (this.tileCount === 0) return;
    const clamp = (tile: number) => Math.min(this.tileCount - 1, Math.max(0, tile));
    const first = clamp(Math.floor(fromSample / this.tileSamples));
    const last = clamp(Math.floor((toSample - 1) / this.tileSamples));
    const context = Math.ceil((contextSeconds(this.#filters) * this.#source.meta.sampleRateHz) / this.tileSamples);
    const list: number[] = [];
    const add = (tile: number) => {
      if (tile >= 0 && tile < this.tileCount && !list.includes(tile)) list.push(tile);
    };
    for (let t = first; t <= last; t++) add(t);
    for (let k = 1; k <= context; k++) {
      add(last + k);
      add(first - k);
    }
    const ahead = direction < 0 ? PREFETCH_BEHIND : PREFETCH_AHEAD;
    const behind = direction < 0 ? PREFETCH_AHEAD : PREFETCH_BEHIND;
    for (let k = 1; k <= context + Math.max(ahead, behind); k++) {
      if (k <= context + ahead) add(last + k);
      if (k <= context + behind) add(first - k);
    }
    this.#wanted = list.filter((tile) => !this.#raw.peek(tile) && !this.#failed.has(tile));
    for (const [tile, controller] of this.#running) {
      if (list.includes(tile)) continue;
      controller.abort();
      this.#running.delete(tile);
    }
    this.#soon = direction < 0 ? [first - 1, first - 2, last + 1] : [last + 1, last + 2, first - 1];
    this.#warm();
    this.#pump();
  }

  /** Forgets the failures, so that the next `want` asks again. */
  retry(): void {
    this.#failed.clear();
  }

  get failed(): boolean {
    return this.#failed.size > 0;
  }

  close(): void {
    this.#closed = true;
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
    this.#wanted = [];
    if (this.#warming !== null) clearTimeout(this.#warming);
  }

  /**
   * Filters the neighbouring tiles one lead at a time between frames, so that scrolling into them costs no frame. Only
   * tiles whose context is all there: anything else would be computed again.
   */
  #warm(): void {
    if (this.#warming !== null || this.#closed) return;
    this.#warming = setTimeout(() => {
      this.#warming = null;
      for (const tile of this.#soon) {
        if (!this.#hasContext(tile)) continue;
        for (let lead = 0; lead < this.#source.meta.leads.length; lead++) {
          if (this.#filtered.peek(`${tile}:${lead}`)) continue;
          this.values(lead, tile);
          this.#warm();
          return;
        }
      }
    }, 4);
  }

  #hasContext(tile: number): boolean {
    if (tile < 0 || tile >= this.tileCount) return false;
    const context = Math.ceil((contextSeconds(this.#filters) * this.#source.meta.sampleRateHz) / this.tileSamples);
    for (let t = Math.max(0, tile - context); t <= Math.min(this.tileCount - 1, tile + context); t++) {
      if (!this.#raw.peek(t)) return false;
    }
    return true;
  }

  #pump(): void {
    for (const tile of this.#wanted) {
      if (this.#running.size >= MAX_REQUESTS) return;
      if (!this.#running.has(tile)) void this.#fetch(tile);
    }
  }

  async #fetch(tile: number): Promise<void> {
    const controller = new AbortController();
    this.#running.set(tile, controller);
    const start = tile * this.tileSamples;
    const count = Math.min(this.tileSamples, this.#source.meta.sampleCount - start);
    try {
      const window = await this.#source.window(start, count, 1, controller.signal);
      if (this.#closed || controller.signal.aborted) return;
      checkWindow(window, start, count, this.#source.meta.leads.length);
      const bytes = window.leads.reduce((sum, lead) => sum + lead.byteLength, 0);
      this.#raw.set(tile, window, bytes);
      this.#dropUnsettled();
      this.#warm();
      this.#events.onChange();
    } catch (error) {
      if (this.#closed || controller.signal.aborted) return;
      this.#failed.add(tile);
      this.#events.onError(error);
      this.#events.onChange();
    } finally {
      if (this.#running.get(tile) === controller) this.#running.delete(tile);
      this.#wanted = this.#wanted.filter((t) => t !== tile);
      if (!this.#closed) this.#pump();
    }
  }

  #dropUnsettled(): void {
    for (const key of this.#filtered.keys()) {
      if (this.#filtered.peek(key)?.settled === false) this.#filtered.delete(key);
    }
  }

  #compute(lead: number, tile: number): FilteredTile {
    const { sampleRateHz, sampleCount } = this.#source.meta;
    const sections = sectionsFor(this.#filters, sampleRateHz);
    const start = tile * this.tileSamples;
    const end = Math.min(sampleCount, start + this.tileSamples);
    const context = sections.length === 0 ? 0 : Math.ceil(contextSeconds(this.#filters) * sampleRateHz);
    let from = start;
    let to = end;
    let settled = true;
    for (let t = tile - 1; from > Math.max(0, start - context); t--) {
      if (!this.#raw.peek(t)) {
        settled = false;
        break;
      }
      from = Math.max(t * this.tileSamples, start - context);
    }
    for (let t = tile + 1; to < Math.min(sampleCount, end + context); t++) {
      if (!this.#raw.peek(t)) {
        settled = false;
        break;
      }
      to = Math.min((t + 1) * this.tileSamples, sampleCount, end + context);
    }
    const joined = new Float32Array(to - from);
    for (let t = Math.floor(from / this.tileSamples); t * this.tileSamples < to; t++) this.#copy(lead, t, from, joined);
    if (sections.length === 0) return { values: joined, settled: true };
    const filtered = filterZeroPhase(joined, sections, Math.max(context, sampleRateHz / 2));
    return { values: filtered.slice(start - from, end - from), settled };
  }

  /** Copies the µV of one tile to where it belongs in `out`, which starts at sample `from`. */
  #copy(lead: number, tile: number, from: number, out: Float32Array): void {
    const window = this.#raw.peek(tile);
    const data = window?.leads[lead];
    const tileStart = tile * this.tileSamples;
    const first = Math.max(from, tileStart);
    const last = Math.min(from + out.length, tileStart + this.tileSamples);
    if (!window || !data) {
      out.fill(Number.NaN, first - from, last - from);
      return;
    }
    const resolution = window.resolutionUv[lead] ?? 1;
    for (let s = first; s < last; s++) {
      const unit = data[s - tileStart];
      out[s - from] = unit === undefined || unit === MISSING_SAMPLE ? Number.NaN : unit * resolution;
    }
  }
}

/** A window that answers another question than the one asked is a fault of the server, not something to draw. */
function checkWindow(window: WaveformWindow, start: number, count: number, leads: number): void {
  if (window.startSample !== start || window.step !== 1 || window.points < count) {
    throw new WaveformError(
      "window_bad_header",
      `asked for ${count} samples from ${start}, got ${window.points} from ${window.startSample} at step ${window.step}`,
    );
  }
  if (window.leads.length < leads) {
    throw new WaveformError("window_bad_header", `asked for ${leads} leads, got ${window.leads.length}`);
  }
}
