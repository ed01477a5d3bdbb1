/** State of the median-beat view: where the fiducial lines stand, which one is selected, and the read-out below. */
import { el } from "./dom";
import type { Viewport } from "./draw";
import type { Labels } from "./labels";
import { drawMedian, hitFiducial, type MedianGeometry, medianGeometry, overlaySampleOfX } from "./median";
import {
  FIDUCIAL_NAMES,
  type FiducialName,
  type Fiducials,
  type Intervals,
  intervalsOf,
  type MedianBeats,
  moveFiducial,
  type ViewAnalysis,
} from "./model";
import type { Theme } from "./theme";

export interface MedianPaneHost {
  labels(): Labels;
  theme(): Theme;
  onChange(change: { fiducials: Fiducials; intervals: Intervals; isAutomatic: boolean }): void;
  redraw(): void;
}

const READOUT_PX = 36;

export class MedianPane {
  readonly readout = el("div", { class: "ecgv-readout", hidden: true });
  readonly #host: MedianPaneHost;
  #median: MedianBeats | null = null;
  #automatic: Fiducials | null = null;
  #fiducials: Fiducials | null = null;
  #rrMs: number | null = null;
  #geometry: MedianGeometry | null = null;
  #selected: FiducialName | null = null;

  constructor(host: MedianPaneHost) {
    this.#host = host;
  }

  set(analysis: ViewAnalysis | null): void {
    this.#median = analysis?.median ?? null;
    this.#automatic = this.#median ? { ...this.#median.fiducials } : null;
    this.#fiducials = this.#automatic;
    const rate = analysis?.global?.heart_rate_bpm ?? null;
    this.#rrMs = analysis?.global?.rr_mean_ms ?? (rate !== null && rate > 0 ? 60_000 / rate : null);
    this.#selected = null;
    this.#geometry = null;
  }

  get present(): boolean {
    return this.#median !== null && this.#fiducials !== null && this.#median.leads.length > 0;
  }

  caption(labels: Labels): string {
    return `${labels.median} · ${labels.fiducialHint}`;
  }

  draw(ctx: CanvasRenderingContext2D, view: Viewport, cabrera: boolean, pxPerMm: number): void {
    if (!this.#median || !this.#fiducials) return;
    const height = view.heightPx - (this.readout.offsetHeight || READOUT_PX);
    this.#geometry = medianGeometry(this.#median, cabrera, view.widthPx, height, pxPerMm);
    drawMedian(
      ctx,
      view,
      this.#geometry,
      this.#median,
      this.#fiducials,
      this.#selected,
      this.#host.labels(),
      this.#host.theme(),
    );
    this.#showIntervals();
  }

  hit(x: number, y: number, tolerancePx: number): FiducialName | null {
    if (!this.#geometry || !this.#median || !this.#fiducials) return null;
    return hitFiducial(this.#geometry, this.#fiducials, this.#median.sample_rate_hz, x, y, tolerancePx);
  }

  select(name: FiducialName | null): void {
    this.#selected = name;
    this.#host.redraw();
  }

  cycle(direction: 1 | -1): void {
    const present = FIDUCIAL_NAMES.filter((name) => this.#fiducials?.[name] != null);
    if (present.length === 0) return;
    const at = this.#selected ? present.indexOf(this.#selected) : direction > 0 ? -1 : 0;
    this.select(present[(at + direction + present.length) % present.length] ?? null);
  }

  drag(name: FiducialName, x: number): void {
    if (!this.#geometry || !this.#median) return;
    this.#move(name, overlaySampleOfX(this.#geometry, x, this.#median.sample_rate_hz));
  }

  nudge(samples: number): boolean {
    const at = this.#selected ? this.#fiducials?.[this.#selected] : null;
    if (!this.#selected || at == null) return false;
    this.#move(this.#selected, at + samples);
    return true;
  }

  reset(): void {
    if (!this.#automatic) return;
    this.#fiducials = this.#automatic;
    this.#changed();
  }

  #move(name: FiducialName, sample: number): void {
    if (!this.#fiducials || !this.#median) return;
    const length = Math.max(0, ...this.#median.leads.map((lead) => lead.samples_uv.length));
    const moved = moveFiducial(this.#fiducials, name, sample, length);
    if (moved[name] === this.#fiducials[name]) return;
    this.#fiducials = moved;
    this.#changed();
  }

  #changed(): void {
    this.#host.redraw();
    const intervals = this.#intervals(this.#fiducials);
    if (this.#fiducials && intervals) {
      this.#host.onChange({ fiducials: { ...this.#fiducials }, intervals, isAutomatic: this.#isAutomatic() });
    }
  }

  #isAutomatic(): boolean {
    return FIDUCIAL_NAMES.every((name) => this.#fiducials?.[name] === this.#automatic?.[name]);
  }

  #intervals(fiducials: Fiducials | null): Intervals | null {
    return fiducials && this.#median ? intervalsOf(fiducials, this.#median.sample_rate_hz, this.#rrMs) : null;
  }

  #showIntervals(): void {
    const now = this.#intervals(this.#fiducials);
    const automatic = this.#intervals(this.#automatic);
    if (!now || !automatic) return;
    const items: [string, keyof Intervals][] = [
      ["P", "p_duration_ms"],
      ["PR", "pr_ms"],
      ["QRS", "qrs_ms"],
      ["QT", "qt_ms"],
      ["QTcB", "qtc_bazett_ms"],
      ["QTcF", "qtc_fridericia_ms"],
    ];
    const parts = items.map(([name, key]) => {
      const edited = now[key] !== automatic[key];
      const value = el("b", { class: edited ? "ecgv-edited" : "", text: now[key] === null ? "—" : `${now[key]} ms` });
      if (edited) value.title = `${automatic[key] ?? "—"} → ${now[key] ?? "—"} ms`;
      return el("span", {}, el("i", { text: name }), value);
    });
    const reset = el("button", {
      type: "button",
      class: "ecgv-btn",
      text: this.#host.labels().reset,
      onclick: () => this.reset(),
    });
    reset.disabled = this.#isAutomatic();
    this.readout.replaceChildren(...parts, reset);
  }
}
