/** The strip under a long recording: the envelope of one lead, abnormal beats, and where the page stands. */
import { el } from "./dom";
import { formatClock } from "./geometry";
import { leadIndex } from "./layout";
import type { ViewAnalysis } from "./model";
import type { WaveformSource } from "./source";
import { BEAT_COLOURS, beatClass, type ThemeId, THEMES } from "./theme";
import { MISSING_SAMPLE, type WaveformWindow } from "./wire";

const POINTS = 1500;

export interface OverviewState {
  originS: number;
  pageS: number;
  durationS: number;
  theme: ThemeId;
  beats: NonNullable<ViewAnalysis["beats"]>;
  sampleRateHz: number;
  label: string;
}

export class Overview {
  readonly element: HTMLElement;
  readonly #canvas = el("canvas", { "aria-hidden": "true" });
  readonly #onSeek: (timeS: number) => void;
  /** Envelope and beats, drawn once: a day has a hundred thousand beats, and the position moves with every frame. */
  readonly #still = el("canvas");
  #stillKey: unknown[] = [];
  #envelope: WaveformWindow | null = null;
  #lead = 0;
  #state: OverviewState | null = null;
  #abort: AbortController | null = null;

  constructor(onSeek: (timeS: number) => void) {
    this.#onSeek = onSeek;
    this.element = el("div", { class: "ecgv-overview", role: "slider", tabindex: "0" });
    this.element.append(this.#canvas);
    const seek = (event: PointerEvent) => {
      if (!this.#state) return;
      const box = this.element.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (event.clientX - box.left) / Math.max(1, box.width)));
      this.#onSeek(share * this.#state.durationS - this.#state.pageS / 2);
    };
    this.element.addEventListener("pointerdown", (event) => {
      this.element.setPointerCapture(event.pointerId);
      seek(event);
    });
    this.element.addEventListener("pointermove", (event) => {
      if (event.buttons & 1) seek(event);
    });
  }

  /** Fetches the envelope of the whole recording. Without it the strip still shows the position. */
  async load(source: WaveformSource, leadName: string, onReady: () => void): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#envelope = null;
    this.#lead = leadIndex(source.meta.leads, leadName) ?? 0;
    const step = Math.max(2, Math.ceil(source.meta.sampleCount / POINTS));
    try {
      const window = await source.window(0, source.meta.sampleCount, step, abort.signal);
      if (abort.signal.aborted || window.step < 2) return;
      this.#envelope = window;
      onReady();
    } catch {
      // The position bar works without the envelope; a failing source shows its error on the page itself.
    }
  }

  close(): void {
    this.#abort?.abort();
  }

  draw(state: OverviewState): void {
    this.#state = state;
    const { element } = this;
    element.setAttribute("aria-label", state.label);
    element.setAttribute("aria-valuemin", "0");
    element.setAttribute("aria-valuemax", String(Math.round(state.durationS)));
    element.setAttribute("aria-valuenow", String(Math.round(state.originS)));
    element.setAttribute("aria-valuetext", formatClock(state.originS));
    const dpr = window.devicePixelRatio || 1;
    const width = Math.max(1, Math.round(element.clientWidth * dpr));
    const height = Math.max(1, Math.round(element.clientHeight * dpr));
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    const ctx = this.#canvas.getContext("2d");
    if (!ctx) return;
    const theme = THEMES[state.theme];
    const key = [width, height, state.theme, this.#envelope, state.beats];
    if (key.some((part, i) => part !== this.#stillKey[i])) {
      this.#stillKey = key;
      this.#still.width = width;
      this.#still.height = height;
      const still = this.#still.getContext("2d");
      if (still) this.#drawStill(still, width, height, dpr, state);
    }
    ctx.drawImage(this.#still, 0, 0);
    const x = (state.originS / state.durationS) * width;
    const w = Math.max(3 * dpr, (state.pageS / state.durationS) * width);
    ctx.fillStyle = theme.caliperFill;
    ctx.fillRect(x, 0, w, height);
    ctx.strokeStyle = theme.caliper;
    ctx.lineWidth = 1.5 * dpr;
    ctx.strokeRect(x + 0.75 * dpr, 0.75 * dpr, w - 1.5 * dpr, height - 1.5 * dpr);
  }

  #drawStill(ctx: CanvasRenderingContext2D, width: number, height: number, dpr: number, state: OverviewState): void {
    const theme = THEMES[state.theme];
    ctx.fillStyle = theme.background;
    ctx.fillRect(0, 0, width, height);
    this.#drawEnvelope(ctx, width, height, theme.muted);
    for (const beat of state.beats) {
      const kind = beatClass(beat.kind);
      if (kind === "normal") continue;
      ctx.fillStyle = BEAT_COLOURS[state.theme][kind];
      const x = (beat.r_sample / state.sampleRateHz / state.durationS) * width;
      ctx.fillRect(Math.round(x), height - 5 * dpr, Math.max(1, Math.round(dpr)), 5 * dpr);
    }
  }

  #drawEnvelope(ctx: CanvasRenderingContext2D, width: number, height: number, colour: string): void {
    const data = this.#envelope?.leads[this.#lead];
    if (!this.#envelope || !data) return;
    const { points } = this.#envelope;
    // Scaled to the 2nd and 98th percentile, so that one artefact does not flatten the day.
    const lows = sortedValues(data, 0);
    const highs = sortedValues(data, 1);
    const low = lows[Math.floor(lows.length * 0.02)] ?? -1;
    const high = highs[Math.floor(highs.length * 0.98)] ?? 1;
    const scale = (height * 0.8) / Math.max(1, high - low);
    ctx.fillStyle = colour;
    ctx.globalAlpha = 0.65;
    for (let p = 0; p < points; p++) {
      const a = data[2 * p];
      const b = data[2 * p + 1];
      if (a === undefined || b === undefined || a === MISSING_SAMPLE) continue;
      const top = Math.max(0, height * 0.9 - (b - low) * scale);
      const bottom = Math.min(height, height * 0.9 - (a - low) * scale);
      ctx.fillRect((p / points) * width, top, Math.max(1, width / points), Math.max(1, bottom - top));
    }
    ctx.globalAlpha = 1;
  }
}

function sortedValues(data: Int16Array, offset: number): number[] {
  const values: number[] = [];
  for (let i = offset; i < data.length; i += 2) {
    const v = data[i] as number;
    if (v !== MISSING_SAMPLE) values.push(v);
  }
  return values.sort((a, b) => a - b);
}
