/**
 * Drawing of paper and traces, in device pixels. Pure functions of their arguments; no state, no DOM beyond the context.
 *
 * Grid lines lie on whole device pixels (each rounded on its own, so the error never adds up over the page). Traces are
 * drawn where they are, antialiased. Where more than two samples fall on one device pixel, only the first lowest and
 * highest of the column are joined, in their order in time: the ink is the same and the work is bounded by the width.
 */
import type { Pen } from "./ink";
import { type Cell, PAGE_SECONDS } from "./layout";
import { mmOfTime, type PageGeometry, PULSE_FOOT_MM, PULSE_MS, PULSE_UV } from "./geometry";
import type { Theme } from "./theme";

export interface Viewport {
  /** CSS pixels. */
  widthPx: number;
  heightPx: number;
  /** How far the page is moved left and up under the view, CSS pixels. */
  panX: number;
  panY: number;
  dpr: number;
}

/** Where the samples of one lead come from, tile by tile. */
export interface TileReader {
  tileSamples: number;
  values(lead: number, tile: number): Float32Array | null;
}

export interface TracePage {
  geometry: PageGeometry;
  cells: readonly Cell[];
  /** Recording time of the page's time 0, in seconds. */
  originS: number;
  sampleRateHz: number;
  sampleCount: number;
  reader: TileReader;
}

export function drawGrid(ctx: CanvasRenderingContext2D, view: Viewport, pxPerMm: number, theme: Theme): void {
  const width = Math.round(view.widthPx * view.dpr);
  const height = Math.round(view.heightPx * view.dpr);
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.fillStyle = theme.background;
  ctx.fillRect(0, 0, width, height);
  const mm = pxPerMm * view.dpr;
  const fine = Math.max(1, Math.round(view.dpr * 0.5));
  const line = Math.max(1, Math.round(view.dpr * 0.75));
  // Below 2.5 device pixels the fine lines would melt into a tint.
  if (mm >= 2.5) {
    ctx.fillStyle = theme.gridMinor;
    gridLines(
      view.panX * view.dpr,
      width,
      mm,
      (p) => ctx.fillRect(p, 0, fine, height),
      (k) => k % 5 !== 0,
    );
    gridLines(
      view.panY * view.dpr,
      height,
      mm,
      (p) => ctx.fillRect(0, p, width, fine),
      (k) => k % 5 !== 0,
    );
  }
  ctx.fillStyle = theme.gridMajor;
  gridLines(
    view.panX * view.dpr,
    width,
    mm,
    (p) => ctx.fillRect(p, 0, line, height),
    (k) => k % 5 === 0,
  );
  gridLines(
    view.panY * view.dpr,
    height,
    mm,
    (p) => ctx.fillRect(0, p, width, line),
    (k) => k % 5 === 0,
  );
}

function gridLines(
  pan: number,
  size: number,
  mm: number,
  paint: (position: number) => void,
  wanted: (index: number) => boolean,
): void {
  for (let k = Math.floor(pan / mm); k * mm - pan <= size; k++) {
    if (wanted(k)) paint(Math.round(k * mm - pan));
  }
}

/** Line width of a trace in device pixels: 0.3 mm of ink, never thinner than a crisp pixel. */
export function traceWidth(pxPerMm: number, dpr: number): number {
  return Math.max(1.1, Math.min(0.3 * pxPerMm, 2) * dpr);
}

export interface DrawnGap {
  cell: Cell;
  tile: number;
  fromPx: number;
  toPx: number;
}

/**
 * Draws the calibration pulses and all cells. Returns the stretches whose tiles are not there yet, in CSS pixels of the view.
 */
export function drawTraces(pen: Pen, view: Viewport, page: TracePage): DrawnGap[] {
  const { geometry: g } = page;
  const { dpr } = view;
  const gaps: DrawnGap[] = [];
  const left = -view.panX;
  const pxPerS = g.speedMmS * g.pxPerMm;
  for (let row = 0; row < g.rows.length; row++) drawPulse(pen, view, g, row);
  for (const cell of page.cells) {
    if (cell.lead === null) continue;
    const startS = cell.startS;
    const endS = Math.min(cell.endS, g.pageS);
    const fromPx = Math.max(0, left + mmOfTime(g, startS) * g.pxPerMm);
    const toPx = Math.min(view.widthPx, left + mmOfTime(g, endS) * g.pxPerMm);
    if (toPx <= fromPx) continue;
    const zeroPx = left + g.leftMm * g.pxPerMm;
    // One sample more on either side, so that the line reaches the edge of its cell.
    const first = Math.max(0, Math.floor((page.originS + (fromPx - zeroPx) / pxPerS) * page.sampleRateHz) - 1);
    const last = Math.min(
      page.sampleCount - 1,
      Math.ceil((page.originS + (toPx - zeroPx) / pxPerS) * page.sampleRateHz) + 1,
    );
    if (last < first) continue;
    const pxPerSample = (pxPerS / page.sampleRateHz) * dpr;
    const xAtZero = (zeroPx - page.originS * pxPerS) * dpr;
    const baseline = ((g.rows[cell.row]?.baselineMm ?? 0) * g.pxPerMm - view.panY) * dpr;
    const pxPerUv = (g.gainMmMv / 1000) * g.pxPerMm * dpr * (cell.inverted ? 1 : -1);
    pen.strip(fromPx * dpr, toPx * dpr);
    const { reader } = page;
    const tileFrom = Math.floor(first / reader.tileSamples);
    const tileTo = Math.floor(last / reader.tileSamples);
    for (let tile = tileFrom; tile <= tileTo; tile++) {
      const values = reader.values(cell.lead, tile);
      const base = tile * reader.tileSamples;
      const a = Math.max(first, base);
      const b = Math.min(last, base + reader.tileSamples - 1);
      if (!values) {
        pen.lift();
        gaps.push({
          cell,
          tile,
          fromPx: Math.max(fromPx, (xAtZero + a * pxPerSample) / dpr),
          toPx: Math.min(toPx, (xAtZero + b * pxPerSample) / dpr),
        });
        continue;
      }
      polyline(
        pen,
        values,
        a - base,
        Math.min(b - base, values.length - 1),
        xAtZero + base * pxPerSample,
        pxPerSample,
        baseline,
        pxPerUv,
      );
    }
    pen.flush();
  }
  return gaps;
}

function polyline(
  pen: Pen,
  values: Float32Array,
  from: number,
  to: number,
  xAtZero: number,
  pxPerSample: number,
  baseline: number,
  pxPerUv: number,
): void {
  if (pxPerSample >= 0.5) {
    for (let i = from; i <= to; i++) {
      const v = values[i] as number;
      if (Number.isNaN(v)) pen.lift();
      else pen.to(xAtZero + i * pxPerSample, baseline + v * pxPerUv);
    }
    return;
  }
  let column = Number.NaN;
  let low = 0;
  let high = 0;
  let lowAt = -1;
  let highAt = -1;
  const emit = () => {
    if (lowAt < 0) return;
    const a = Math.min(lowAt, highAt);
    const b = Math.max(lowAt, highAt);
    if ((high - low) * Math.abs(pxPerUv) < 0.3) {
      // Within a third of a pixel one point is the same ink.
      pen.to(xAtZero + ((a + b) / 2) * pxPerSample, baseline + ((low + high) / 2) * pxPerUv);
      lowAt = -1;
      return;
    }
    pen.to(xAtZero + a * pxPerSample, baseline + (a === lowAt ? low : high) * pxPerUv);
    if (b !== a) pen.to(xAtZero + b * pxPerSample, baseline + (b === lowAt ? low : high) * pxPerUv);
    lowAt = -1;
  };
  for (let i = from; i <= to; i++) {
    const v = values[i] as number;
    const c = Math.floor(xAtZero + i * pxPerSample);
    if (c !== column) {
      emit();
      column = c;
    }
    if (Number.isNaN(v)) {
      emit();
      pen.lift();
    } else if (lowAt < 0) {
      low = high = v;
      lowAt = highAt = i;
    } else if (v < low) {
      low = v;
      lowAt = i;
    } else if (v > high) {
      high = v;
      highAt = i;
    }
  }
  emit();
}

function drawPulse(pen: Pen, view: Viewport, g: PageGeometry, row: number): void {
  const rise = g.pulseRiseMm;
  const fall = rise + (PULSE_MS / 1000) * g.speedMmS;
  const baselineMm = g.rows[row]?.baselineMm ?? 0;
  const top = baselineMm - (PULSE_UV / 1000) * g.gainMmMv;
  const x = (mm: number) => (mm * g.pxPerMm - view.panX) * view.dpr;
  const y = (mm: number) => (mm * g.pxPerMm - view.panY) * view.dpr;
  if (x(fall + PULSE_FOOT_MM) < 0) return;
  pen.strip(0, view.widthPx * view.dpr);
  pen.to(x(rise - PULSE_FOOT_MM), y(baselineMm));
  pen.to(x(rise), y(baselineMm));
  pen.to(x(rise), y(top));
  pen.to(x(fall), y(top));
  pen.to(x(fall), y(baselineMm));
  pen.to(x(fall + PULSE_FOOT_MM), y(baselineMm));
  pen.flush();
}

/** Text that stays readable over grid and trace: a halo in the paper's colour, then the ink. */
export function haloText(
  ctx: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  ink: string,
  halo: string,
  dpr: number,
): void {
  ctx.lineWidth = 3 * dpr;
  ctx.lineJoin = "round";
  ctx.strokeStyle = halo;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = ink;
  ctx.fillText(text, x, y);
}

/** Short bars above and below the baseline where one lead ends and the next begins in a row. */
export function drawLeadSwitches(ctx: CanvasRenderingContext2D, view: Viewport, page: TracePage, theme: Theme): void {
  const { geometry: g } = page;
  ctx.fillStyle = theme.label;
  for (const cell of page.cells) {
    if (cell.rhythm || cell.startS <= 0 || cell.startS >= PAGE_SECONDS) continue;
    const x = Math.round((mmOfTime(g, cell.startS) * g.pxPerMm - view.panX) * view.dpr);
    const y = ((g.rows[cell.row]?.baselineMm ?? 0) * g.pxPerMm - view.panY) * view.dpr;
    const mm = g.pxPerMm * view.dpr;
    const w = Math.max(1, Math.round(view.dpr));
    ctx.fillRect(x, Math.round(y - 4.5 * mm), w, Math.round(3 * mm));
    ctx.fillRect(x, Math.round(y + 1.5 * mm), w, Math.round(3 * mm));
  }
}
