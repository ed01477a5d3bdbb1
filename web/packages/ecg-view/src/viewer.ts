/**
 * The ECG viewer: puts source, settings, geometry, layers and input together inside one container element.
 *
 * Four canvases lie over one another: the paper (redrawn when size, scale or colours change), the lead names and the
 * traces (redrawn on scrolling), and the tools (redrawn while measuring), so that moving a caliper never redraws a trace.
 * Times are seconds from the start of the recording. Filters act on the display only.
 * Absent: printing (the report is a PDF of the server), lead-swap correction, comparison of two recordings.
 */
import { BEAT_BAND_MM, drawBeats, drawCaliper, drawGaps, drawLeadLabels } from "./annotate";
import { loadPxPerMm, openCalibration, savePxPerMm } from "./calibrate";
import { type CaliperHandle, formatReading, readCaliper } from "./caliper";
import { CaliperTool } from "./caliper-tool";
import { el } from "./dom";
import {
  type DrawnGap,
  drawGrid,
  drawLeadSwitches,
  drawTraces,
  type TracePage,
  traceWidth,
  type Viewport,
} from "./draw";
import { extentsOf } from "./extents";
import { Footer } from "./footer";
import {
  CSS_PX_PER_MM,
  type Extent,
  fitZoom,
  GAINS_MM_MV,
  type PageGeometry,
  pageGeometry,
  SPEEDS_MM_S,
  stepOf,
} from "./geometry";
import { InkLayer } from "./ink";
import { handleKey, StageInput } from "./input";
import { LABELS, type Labels, type Locale } from "./labels";
import { type Layer, LAYERS, Layers } from "./layers";
import { buildLayout, hasStandardLimbLeads, LAYOUT_IDS, normalLeadName, type PageLayout } from "./layout";
import { drawMagnifier } from "./magnifier";
import { MedianPane } from "./median-pane";
import type { Fiducials, Intervals, QualityLevel, ViewAnalysis } from "./model";
import { Overview } from "./overview";
import { DEFAULT_SETTINGS, nextPreset, settingsText, type ViewSettings } from "./settings";
import type { WaveformSource } from "./source";
import { TraceStore } from "./store";
import { attachStyles } from "./styles";
import { THEMES } from "./theme";
import { Toolbar } from "./toolbar";

export interface FiducialsChange {
  fiducials: Fiducials;
  intervals: Intervals;
  /** True when the lines are back where the analysis put them. */
  isAutomatic: boolean;
}

export interface EcgViewerOptions {
  source?: WaveformSource | null;
  analysis?: ViewAnalysis | null;
  locale?: Locale;
  /** Where to start; what is not given has its usual value (3×4+1, 25 mm/s, 10 mm/mV, 0.05–150 Hz). */
  settings?: Partial<ViewSettings>;
  toolbar?: boolean;
  /** Where the screen calibration is kept; `null` keeps it nowhere. Default: localStorage. */
  storage?: Storage | null;
  onFiducialsChange?: (change: FiducialsChange) => void;
  onSettingsChange?: (settings: ViewSettings) => void;
  onError?: (error: unknown) => void;
  /** The first page of a source stands complete on the canvas. */
  onDrawn?: () => void;
}

const NARROW_PX = 640;
const NO_BEATS: NonNullable<ViewAnalysis["beats"]> = [];

export class EcgViewer {
  readonly root: HTMLElement;
  #settings: ViewSettings;
  #options: EcgViewerOptions;
  #source: WaveformSource | null = null;
  #analysis: ViewAnalysis | null = null;
  #quality = new Map<string, QualityLevel>();
  #store: TraceStore | null = null;
  #layout: PageLayout = buildLayout([], DEFAULT_SETTINGS);
  #geometry: PageGeometry | null = null;
  #extents: { key: string; value: Extent[] } | null = null;
  #originS = 0;
  #panX = 0;
  #panY = 0;
  #direction = 0;
  readonly #calipers = new CaliperTool();
  #lens: { x: number; y: number; touch: boolean } | null = null;
  #gaps: DrawnGap[] = [];
  #truePxPerMm: number;
  #calibrated: boolean;
  #dirty = new Set<Layer>();
  #frame = 0;
  #flingFrame = 0;
  #destroyed = false;
  #toldDrawn = false;
  readonly #storage: Storage | null;
  readonly #stage: HTMLElement;
  readonly #layers = new Layers();
  readonly #ink = new InkLayer();
  readonly #footer = new Footer();
  readonly #overview: Overview;
  readonly #median: MedianPane;
  readonly #toolbar: Toolbar | null;
  readonly #resizes: ResizeObserver;

  constructor(container: HTMLElement, options: EcgViewerOptions = {}) {
    attachStyles(container.ownerDocument);
    this.#options = options;
    // A page of four columns does not fit a phone held upright; stacked leads do.
    const layout = container.clientWidth > 0 && container.clientWidth < NARROW_PX ? "12x1" : DEFAULT_SETTINGS.layout;
    this.#settings = { ...DEFAULT_SETTINGS, layout, ...options.settings };
    this.#storage = options.storage === undefined ? localStorageOrNull() : options.storage;
    const stored = loadPxPerMm(this.#storage);
    this.#truePxPerMm = stored ?? CSS_PX_PER_MM;
    this.#calibrated = stored !== null;
    this.#median = new MedianPane({
      labels: () => this.labels,
      theme: () => THEMES[this.#settings.theme],
      onChange: (change) => this.#options.onFiducialsChange?.(change),
      redraw: () => this.#invalidate("tools", "traces"),
    });
    this.#stage = el("div", { class: "ecgv-stage", tabindex: "0", role: "application" });
    this.#stage.append(...this.#layers.elements, this.#median.readout);
    this.#overview = new Overview((timeS) => this.goTo(timeS));
    this.root = el("div", { class: "ecgv" });
    this.#toolbar = options.toolbar === false ? null : new Toolbar(this);
    if (this.#toolbar) this.root.append(this.#toolbar.element);
    this.root.append(this.#stage, this.#overview.element, this.#footer.element);
    container.append(this.root);
    new StageInput(this.#stage, this);
    this.root.addEventListener("keydown", (event) => {
      const target = event.target as HTMLElement;
      if (/^(SELECT|INPUT|TEXTAREA)$/.test(target.tagName) && event.key !== "Escape") return;
      if (!handleKey(event, this)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.#resizes = new ResizeObserver(() => this.#resized());
    this.#resizes.observe(this.#stage);
    this.setAnalysis(options.analysis ?? null);
    this.setSource(options.source ?? null);
  }

  // ---------------------------------------------------------------- what an app uses

  get settings(): ViewSettings {
    return this.#settings;
  }

  get labels(): Labels {
    return LABELS[this.#options.locale ?? "zh-CN"];
  }

  get leads(): readonly string[] {
    return this.#source?.meta.leads ?? [];
  }

  get standardLeads(): boolean {
    return hasStandardLimbLeads(this.leads);
  }

  get hasMedian(): boolean {
    return (this.#analysis?.median?.leads.length ?? 0) > 0;
  }

  get hasBeats(): boolean {
    return (this.#analysis?.beats?.length ?? 0) > 0;
  }

  setSource(source: WaveformSource | null): void {
    this.#store?.close();
    this.#overview.close();
    this.#source = source;
    this.#store = null;
    this.#extents = null;
    this.#toldDrawn = false;
    this.#calipers.caliper = null;
    this.#originS = this.#panX = this.#panY = this.#direction = 0;
    if (source) {
      this.#store = new TraceStore(source, this.#settings.filters, {
        onChange: () => this.#invalidate("traces", "tools"),
        onError: (error) => this.#options.onError?.(error),
      });
      const normal = source.meta.leads.map(normalLeadName);
      if (!normal.includes(this.#settings.rhythmLead))
        this.#settings = { ...this.#settings, rhythmLead: source.meta.leads[0] ?? "II" };
      this.#relayout();
      if (!this.#overview.element.hidden) {
        void this.#overview.load(source, this.#settings.rhythmLead, () => this.#invalidate("traces"));
      }
    }
    this.#toolbar?.rebuild();
    this.#relayout();
  }

  setAnalysis(analysis: ViewAnalysis | null): void {
    this.#analysis = analysis;
    this.#quality = new Map((analysis?.quality ?? []).map((q) => [normalLeadName(q.lead), q.level]));
    this.#median.set(analysis);
    if (!this.hasMedian && this.#settings.mode === "median") this.#settings = { ...this.#settings, mode: "waves" };
    this.#toolbar?.refresh();
    this.#relayout();
  }

  setLocale(locale: Locale): void {
    this.#options = { ...this.#options, locale };
    this.#toolbar?.rebuild();
    this.#invalidate("paper", "traces", "tools");
  }

  setHandlers(handlers: Pick<EcgViewerOptions, "onFiducialsChange" | "onSettingsChange" | "onError" | "onDrawn">): void {
    this.#options = { ...this.#options, ...handlers };
  }

  update(change: Partial<ViewSettings>): void {
    const before = this.#settings;
    this.#settings = { ...before, ...change };
    if (change.filters) this.#store?.setFilters(change.filters);
    if (this.#settings.tool === "none") this.#calipers.caliper = null;
    if (this.#settings.tool !== "magnifier") this.#lens = null;
    // A caliper stands on a row; other rows, other meaning.
    if (this.#settings.layout !== before.layout || this.#settings.cabrera !== before.cabrera)
      this.#calipers.caliper = null;
    this.#relayout();
    this.#toolbar?.refresh();
    this.#options.onSettingsChange?.(this.#settings);
  }

  /** Brings a time of the recording to the left edge of the page. */
  goTo(timeS: number): void {
    this.#direction = Math.sign(timeS - this.#originS);
    this.#originS = timeS;
    this.#clamp();
    this.#invalidate("traces", "tools", ...this.#panLayers());
  }

  get positionS(): number {
    return this.#originS;
  }

  resetFiducials(): void {
    this.#median.reset();
  }

  /** Draws everything now instead of at the next frame. For benchmarks and tests. */
  drawNow(): void {
    for (const layer of LAYERS) this.#dirty.add(layer);
    this.#draw();
  }

  /** True when every sample of the page is there. */
  get isComplete(): boolean {
    return this.#store !== null && this.#gaps.length === 0;
  }

  destroy(): void {
    this.#destroyed = true;
    cancelAnimationFrame(this.#frame);
    cancelAnimationFrame(this.#flingFrame);
    this.#resizes.disconnect();
    this.#toolbar?.closePopover();
    this.#store?.close();
    this.#overview.close();
    this.root.remove();
  }

  calibrate(): void {
    openCalibration(this.root, this.#truePxPerMm, this.labels, (value) => {
      savePxPerMm(this.#storage, value);
      this.#truePxPerMm = value ?? CSS_PX_PER_MM;
      this.#calibrated = value !== null;
      // Who calibrates wants true millimetres.
      this.update({ zoom: value === null ? "fit" : "true" });
    });
  }

  // ---------------------------------------------------------------- what input asks for

  pan(dx: number, dy: number): boolean {
    const g = this.#geometry;
    if (!g || this.#settings.mode === "median") return false;
    const before = [this.#originS, this.#panX, this.#panY];
    const pxPerS = g.speedMmS * g.pxPerMm;
    const maxPanX = this.#maxPanX(g);
    // Page and time are one track: first the page moves, then the time.
    const track = this.#panX + this.#originS * pxPerS + dx;
    this.#panX = Math.min(maxPanX, Math.max(0, track));
    this.#originS = (track - this.#panX) / pxPerS;
    this.#panY += dy;
    this.#clamp();
    const moved = this.#originS !== before[0] || this.#panX !== before[1] || this.#panY !== before[2];
    if (moved) {
      if (dx !== 0) this.#direction = Math.sign(dx);
      const paperMoved = this.#panX !== before[1] || this.#panY !== before[2];
      this.#invalidate("traces", "tools", ...(paperMoved ? (["paper"] as const) : []));
    }
    return moved;
  }

  fling(velocity: number): void {
    cancelAnimationFrame(this.#flingFrame);
    if (Math.abs(velocity) < 0.15 || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    let v = Math.max(-6, Math.min(6, velocity));
    let last = performance.now();
    const step = (now: number) => {
      const dt = Math.min(50, now - last);
      last = now;
      v *= Math.exp(-dt / 320);
      if (Math.abs(v) > 0.03 && this.pan(v * dt, 0)) this.#flingFrame = requestAnimationFrame(step);
    };
    this.#flingFrame = requestAnimationFrame(step);
  }

  tap(): void {
    if (this.#store?.failed) {
      this.#store.retry();
      this.#invalidate("traces");
    }
  }

  hover(x: number, y: number, touch: boolean): void {
    if (this.#settings.mode === "median") {
      this.#stage.style.cursor = this.#median.hit(x, y, 7) ? "ew-resize" : "default";
      return;
    }
    this.#stage.style.cursor = this.caliperHit(x, y, 7) ? "ew-resize" : "";
    if (this.#settings.tool !== "magnifier") return;
    this.#lens = { x, y, touch };
    this.#invalidate("tools");
  }

  leave(): void {
    if (!this.#lens) return;
    this.#lens = null;
    this.#invalidate("tools");
  }

  caliperHit(x: number, y: number, tolerancePx: number): CaliperHandle | null {
    const page = this.#page();
    return page ? this.#calipers.hit(page, this.#view(), x, y, tolerancePx) : null;
  }

  caliperStart(x: number, y: number): void {
    const page = this.#page();
    if (page) this.#calipers.start(page, this.#view(), x, y);
    this.#invalidate("tools");
  }

  caliperDrag(handle: CaliperHandle, fromX: number, fromY: number, x: number, y: number): void {
    if (this.#geometry) this.#calipers.drag(this.#geometry, handle, x - fromX, y - fromY);
    this.#invalidate("tools");
  }

  caliperEnd(): void {
    this.#calipers.end();
    this.#invalidate("tools");
  }

  fiducialHit(x: number, y: number, tolerancePx: number) {
    return this.#median.hit(x, y, tolerancePx);
  }

  fiducialSelect(name: Parameters<MedianPane["select"]>[0]): void {
    this.#median.select(name);
  }

  fiducialDrag(name: Parameters<MedianPane["drag"]>[0], x: number): void {
    this.#median.drag(name, x);
  }

  stepSpeed(direction: 1 | -1): void {
    this.update({ speedMmS: stepOf(SPEEDS_MM_S, this.#settings.speedMmS, direction) });
  }

  stepGain(direction: 1 | -1): void {
    this.update({ gainMmMv: stepOf(GAINS_MM_MV, this.#settings.gainMmMv, direction) });
  }

  nextLayout(): void {
    const next = LAYOUT_IDS[(LAYOUT_IDS.indexOf(this.#settings.layout) + 1) % LAYOUT_IDS.length];
    if (next && this.standardLeads) this.update({ layout: next });
  }

  nextFilter(): void {
    this.update({ filters: nextPreset(this.#settings.filters) });
  }

  scroll(direction: 1 | -1, page: boolean): void {
    const g = this.#geometry;
    if (!g) return;
    const viewS = Math.min(g.pageS, this.#stage.clientWidth / (g.speedMmS * g.pxPerMm));
    this.pan(direction * (page ? 0.9 * viewS : Math.min(1, viewS / 4)) * g.speedMmS * g.pxPerMm, 0);
  }

  scrollVertically(direction: 1 | -1): void {
    this.pan(0, direction * 60);
  }

  toEnd(end: boolean): void {
    this.#panX = end ? Number.POSITIVE_INFINITY : 0;
    this.goTo(end ? Number.POSITIVE_INFINITY : 0);
  }

  escape(): boolean {
    if (this.#toolbar?.closePopover()) return true;
    if (this.#settings.mode === "median") this.update({ mode: "waves" });
    else if (this.#settings.tool !== "none") this.update({ tool: "none", march: false });
    else return false;
    return true;
  }

  nudgeFiducial(samples: number): boolean {
    return this.#median.nudge(samples);
  }

  cycleFiducial(direction: 1 | -1): void {
    this.#median.cycle(direction);
  }

  // ---------------------------------------------------------------- geometry and drawing

  get #durationS(): number {
    return this.#source ? this.#source.meta.sampleCount / this.#source.meta.sampleRateHz : 0;
  }

  #maxPanX(g: PageGeometry): number {
    return Math.max(0, g.widthMm * g.pxPerMm - this.#stage.clientWidth);
  }

  #panLayers(): Layer[] {
    return this.#panX > 0 || this.#panY > 0 ? ["paper"] : [];
  }

  #clamp(): void {
    const g = this.#geometry;
    if (!g) return;
    this.#originS = Math.min(Math.max(0, this.#originS), Math.max(0, this.#durationS - g.pageS));
    this.#panX = Math.min(Math.max(0, this.#panX), this.#maxPanX(g));
    this.#panY = Math.min(Math.max(0, this.#panY), Math.max(0, g.heightMm * g.pxPerMm - this.#stage.clientHeight));
  }

  #resized(): void {
    if (this.#destroyed) return;
    this.root.classList.toggle("ecgv-narrow", this.root.clientWidth < NARROW_PX);
    this.#relayout();
    // Drawn at once: a canvas that was just resized is blank, and waiting for the next frame would flicker.
    this.#draw();
  }

  #relayout(): void {
    const width = this.#stage.clientWidth;
    const height = this.#stage.clientHeight;
    this.#invalidate("paper", "traces", "tools");
    this.#layout = buildLayout(this.leads, this.#settings);
    if (width === 0 || height === 0) return;
    const { speedMmS, gainMmMv } = this.#settings;
    const zoom =
      this.#settings.zoom === "fit"
        ? fitZoom(this.#layout, this.#durationS, speedMmS, width, height, this.#truePxPerMm)
        : 1;
    const g = pageGeometry({
      layout: this.#layout,
      viewWidthPx: width,
      viewHeightPx: height,
      pxPerMm: this.#truePxPerMm * zoom,
      speedMmS,
      gainMmMv,
      durationS: this.#durationS,
      ...(this.#extents?.key === this.#extentsKey() ? { extents: this.#extents.value } : {}),
      ...(this.#settings.beats && this.hasBeats ? { bottomMm: BEAT_BAND_MM } : {}),
    });
    this.#geometry = g;
    this.#overview.element.hidden = this.#durationS <= g.pageS * 1.05 || this.#settings.mode === "median";
    this.#clamp();
    const scrollsDown =
      g.heightMm * g.pxPerMm > height + 1 || this.#settings.tool !== "none" || this.#settings.mode === "median";
    this.#stage.style.touchAction = scrollsDown ? "none" : "pan-y";
    this.#stage.dataset.tool = this.#settings.mode === "median" ? "none" : this.#settings.tool;
    this.#stage.style.cursor = "";
    this.root.dataset.theme = this.#settings.theme;
  }

  #extentsKey(): string {
    const { layout, cabrera, rhythmLead, gainMmMv, filters } = this.#settings;
    return JSON.stringify([layout, cabrera, rhythmLead, gainMmMv, filters]);
  }

  #view(): Viewport {
    return {
      widthPx: this.#stage.clientWidth,
      heightPx: this.#stage.clientHeight,
      panX: this.#panX,
      panY: this.#panY,
      dpr: window.devicePixelRatio || 1,
    };
  }

  #page(): TracePage | null {
    if (!this.#geometry || !this.#store || !this.#source) return null;
    return {
      geometry: this.#geometry,
      cells: this.#layout.cells,
      originS: this.#originS,
      sampleRateHz: this.#source.meta.sampleRateHz,
      sampleCount: this.#source.meta.sampleCount,
      reader: this.#store,
    };
  }

  #invalidate(...layers: Layer[]): void {
    for (const layer of layers) this.#dirty.add(layer);
    if (this.#frame === 0 && !this.#destroyed) {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        this.#draw();
      });
    }
  }

  #draw(): void {
    const view = this.#view();
    if (this.#destroyed || view.widthPx === 0 || view.heightPx === 0) return;
    const dirty = this.#dirty;
    this.#dirty = new Set();
    const theme = THEMES[this.#settings.theme];
    const median = this.#settings.mode === "median" && this.#median.present;
    const g = this.#geometry;
    if (dirty.has("paper")) {
      const ctx = this.#layers.context("paper", view);
      if (ctx && g)
        drawGrid(ctx, median ? { ...view, panX: 0, panY: 0 } : view, median ? this.#truePxPerMm : g.pxPerMm, theme);
    }
    if (dirty.has("traces")) {
      const ctx = this.#layers.context("traces", view);
      if (median) this.#layers.context("names", view);
      if (ctx && median) this.#median.draw(ctx, view, this.#settings.cabrera, this.#truePxPerMm);
      else if (ctx) this.#drawTraces(ctx, view);
    }
    if (dirty.has("tools")) {
      const ctx = this.#layers.context("tools", view);
      const page = this.#page();
      if (ctx && page && !median) this.#drawTools(ctx, view, page);
    }
    this.#median.readout.hidden = !median;
    if (dirty.has("traces") || dirty.has("tools")) this.#describe(median);
    if (dirty.has("traces") && g && !median && !this.#toldDrawn && this.isComplete) {
      this.#toldDrawn = true;
      this.#options.onDrawn?.();
    }
  }

  #drawTraces(ctx: CanvasRenderingContext2D, view: Viewport): void {
    const page = this.#page();
    if (!page || !this.#store) {
      this.#layers.context("names", view);
      return;
    }
    const theme = THEMES[this.#settings.theme];
    const { sampleRateHz } = page;
    this.#store.want(
      this.#originS * sampleRateHz,
      (this.#originS + page.geometry.pageS) * sampleRateHz,
      this.#direction,
    );
    const paint = (p: TracePage) => {
      const names = this.#layers.context("names", view);
      if (names)
        drawLeadLabels(names, view, p, this.#quality, this.labels, theme, this.#durationS <= p.geometry.pageS + 0.5);
      this.#ink.begin(ctx.canvas.width, ctx.canvas.height, theme.trace, traceWidth(p.geometry.pxPerMm, view.dpr));
      this.#gaps = drawTraces(this.#ink, view, p);
      this.#ink.put(ctx);
    };
    paint(page);
    if (this.#gaps.length === 0 && this.#extents?.key !== this.#extentsKey()) {
      // The first full look at the recording: give every row the room it needs, once, then keep it while scrolling.
      this.#extents = { key: this.#extentsKey(), value: extentsOf(page) };
      this.#relayout();
      const settled = this.#page();
      if (settled) paint(settled);
    }
    const current = this.#page() ?? page;
    drawLeadSwitches(ctx, view, current, theme);
    drawGaps(ctx, view, current.geometry, this.#gaps, this.#store.failed, this.labels, theme);
    const beats = this.#analysis?.beats;
    if (this.#settings.beats && beats) drawBeats(ctx, view, current, beats, this.#settings.theme, theme);
    if (!this.#overview.element.hidden) {
      this.#overview.draw({
        originS: this.#originS,
        pageS: current.geometry.pageS,
        durationS: this.#durationS,
        theme: this.#settings.theme,
        beats: beats ?? NO_BEATS,
        sampleRateHz,
        label: this.labels.overview,
      });
    }
  }

  #drawTools(ctx: CanvasRenderingContext2D, view: Viewport, page: TracePage): void {
    const theme = THEMES[this.#settings.theme];
    if (this.#calipers.caliper) drawCaliper(ctx, view, page, this.#calipers.caliper, this.#settings.march, theme);
    if (this.#lens) drawMagnifier(ctx, view, page, this.#lens, theme);
  }

  /** The footer and what a screen reader hears. */
  #describe(median: boolean): void {
    const { labels } = this;
    const g = this.#geometry;
    const sampleRateHz = this.#source?.meta.sampleRateHz ?? 0;
    const traces = this.#source ? settingsText(this.#settings, sampleRateHz, labels) : "";
    const settings = median ? this.#median.caption(labels) : traces;
    const caliper = median ? null : this.#calipers.caliper;
    const position =
      g && this.#source
        ? {
            originS: this.#originS,
            pageS: g.pageS,
            durationS: this.#durationS,
            sampleRateHz,
            zoom: median ? 1 : g.pxPerMm / this.#truePxPerMm,
            calibrated: this.#calibrated,
          }
        : null;
    const reading = caliper ? formatReading(readCaliper(caliper)) : "";
    this.#footer.show({ settings, reading, position }, labels);
    this.#stage.setAttribute("aria-label", `${labels.viewer} ${settings}`);
  }
}

function localStorageOrNull(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
