/** What is written over the traces: lead labels, quality marks, gaps, beat marks, calipers, magnifier. Device pixels. */
import { type Caliper, formatReading, marchTimes, readCaliper } from "./caliper";
import { type DrawnGap, haloText, type TracePage, type Viewport } from "./draw";
import { mmOfTime, type PageGeometry, pxOfUv, timeOfPx } from "./geometry";
import type { Labels } from "./labels";
import { type Cell, normalLeadName } from "./layout";
import type { QualityLevel, ViewAnalysis } from "./model";
import { BEAT_COLOURS, BEAT_LETTERS, beatClass, type Theme, type ThemeId } from "./theme";

const FONT = 'system-ui, -apple-system, "Segoe UI", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';

export function font(sizePx: number, dpr: number, weight = 600): string {
  return `${weight} ${Math.round(sizePx * dpr)}px ${FONT}`;
}

export function labelSizePx(g: PageGeometry): number {
  return Math.max(11, Math.min(16, 3.3 * g.pxPerMm));
}

/** mm between the closest two baselines; the label must fit into it. */
function rowPitchMm(g: PageGeometry): number {
  let pitch = g.heightMm;
  for (let i = 1; i < g.rows.length; i++) {
    pitch = Math.min(pitch, (g.rows[i]?.baselineMm ?? 0) - (g.rows[i - 1]?.baselineMm ?? 0));
  }
  return pitch;
}

/**
 * Lead names and quality marks. Drawn before the traces, so that a name never covers a wave. On a page that cannot
 * scroll each name also keeps clear of its trace; on a scrolling one it stands still while the waves pass.
 */
export function drawLeadLabels(
  ctx: CanvasRenderingContext2D,
  view: Viewport,
  page: TracePage,
  quality: ReadonlyMap<string, QualityLevel>,
  labels: Labels,
  theme: Theme,
  still: boolean,
): void {
  const { geometry: g } = page;
  const { dpr } = view;
  const size = labelSizePx(g);
  const riseMm = Math.max(3, Math.min(7, rowPitchMm(g) * 0.36));
  ctx.textBaseline = "alphabetic";
  ctx.textAlign = "left";
  for (const cell of page.cells) {
    const startPx = mmOfTime(g, cell.startS) * g.pxPerMm - view.panX;
    const endPx = mmOfTime(g, Math.min(cell.endS, g.pageS)) * g.pxPerMm - view.panX;
    if (endPx < 24 || startPx > view.widthPx) continue;
    // The label stays in view while its column is scrolled past the left edge.
    const inMargin = cell.endS === Number.POSITIVE_INFINITY;
    const x = inMargin ? 2 : Math.max(startPx, 2) + 1.2 * g.pxPerMm;
    const level = cell.lead === null ? "missing" : (quality.get(normalLeadName(cell.label.replace("−", ""))) ?? "ok");
    const mark = level === "ok" ? "" : `⚠ ${cell.lead === null ? labels.missingLead : labels[level]}`;
    const markFont = font(Math.max(10, size - 3), dpr, 500);
    ctx.font = markFont;
    const markWidth = mark === "" ? 0 : 6 + ctx.measureText(mark).width / dpr;
    ctx.font = font(size, dpr);
    const baseline = (g.rows[cell.row]?.baselineMm ?? 0) * g.pxPerMm;
    const width = ctx.measureText(cell.label).width / dpr;
    const usualY = baseline - riseMm * g.pxPerMm;
    let y = usualY;
    if (inMargin) y = baseline + 0.36 * size;
    else if (still) y = clearHeight(page, cell, x + view.panX, width + markWidth, usualY, size);
    haloText(ctx, cell.label, x * dpr, (y - view.panY) * dpr, theme.label, theme.background, dpr);
    if (mark === "") continue;
    const markX = inMargin ? startPx + 1.2 * g.pxPerMm : x + width + 6;
    const markY = (inMargin ? usualY : y) - view.panY;
    ctx.font = markFont;
    haloText(ctx, mark, markX * dpr, markY * dpr, theme.warning, theme.background, dpr);
  }
}

/**
 * The baseline of a label (page px) that keeps it clear of the trace beneath it: where it would stand anyway, else just
 * above the trace, else just below; where neither has room, it stays and the trace runs over it.
 */
function clearHeight(page: TracePage, cell: Cell, x: number, width: number, y: number, size: number): number {
  const { geometry: g, reader } = page;
  if (cell.lead === null) return y;
  const sampleAt = (px: number) => (page.originS + timeOfPx(g, px)) * page.sampleRateHz;
  const from = Math.max(0, Math.floor(sampleAt(x - 3)));
  const to = Math.min(page.sampleCount - 1, Math.ceil(sampleAt(x + width + 3)));
  const values = reader.values(cell.lead, Math.floor(from / reader.tileSamples));
  const base = Math.floor(from / reader.tileSamples) * reader.tileSamples;
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let i = from; values && i <= to && i - base < values.length; i++) {
    const px = pxOfUv(g, cell.row, (cell.inverted ? -1 : 1) * (values[i - base] as number));
    if (px < top) top = px;
    if (px > bottom) bottom = px;
  }
  if (!(top <= y + 4 && bottom >= y - size)) return y;
  const above = top - 5;
  const pitch = rowPitchMm(g) * g.pxPerMm;
  const baseline = (g.rows[cell.row]?.baselineMm ?? 0) * g.pxPerMm;
  if (above - size > Math.max(2, baseline - 0.75 * pitch)) return above;
  const below = bottom + size + 3;
  return below < baseline + 0.5 * pitch ? below : y;
}

export function drawGaps(
  ctx: CanvasRenderingContext2D,
  view: Viewport,
  g: PageGeometry,
  gaps: readonly DrawnGap[],
  failed: boolean,
  labels: Labels,
  theme: Theme,
): void {
  const { dpr } = view;
  const halfMm = Math.min(4, rowPitchMm(g) * 0.35);
  ctx.fillStyle = theme.placeholder;
  for (const gap of gaps) {
    const y = (g.rows[gap.cell.row]?.baselineMm ?? 0) * g.pxPerMm - view.panY;
    ctx.fillRect(
      gap.fromPx * dpr,
      (y - halfMm * g.pxPerMm) * dpr,
      (gap.toPx - gap.fromPx) * dpr,
      2 * halfMm * g.pxPerMm * dpr,
    );
  }
  if (gaps.length === 0) return;
  const from = Math.min(...gaps.map((gap) => gap.fromPx));
  const to = Math.max(...gaps.map((gap) => gap.toPx));
  ctx.font = font(14, dpr, 500);
  ctx.textAlign = "center";
  haloText(
    ctx,
    failed ? labels.failed : labels.loading,
    ((from + to) / 2) * dpr,
    (view.heightPx / 2) * dpr,
    failed ? theme.warning : theme.muted,
    theme.background,
    dpr,
  );
  ctx.textAlign = "left";
}

export const BEAT_BAND_MM = 8;

/** Beat marks in a band along the lower edge of the view: a tick and a letter at R, the RR interval in ms between. */
export function drawBeats(
  ctx: CanvasRenderingContext2D,
  view: Viewport,
  page: TracePage,
  beats: NonNullable<ViewAnalysis["beats"]>,
  themeId: ThemeId,
  theme: Theme,
): void {
  const { geometry: g } = page;
  const { dpr } = view;
  const fromSample = page.originS * page.sampleRateHz;
  const toSample = fromSample + g.pageS * page.sampleRateHz;
  const bandTop = Math.min(g.heightMm * g.pxPerMm - view.panY, view.heightPx) - BEAT_BAND_MM * g.pxPerMm * 0.85;
  const size = Math.max(10, Math.min(13, 2.8 * g.pxPerMm));
  ctx.textBaseline = "alphabetic";
  let previousPx = Number.NaN;
  for (let i = firstBeat(beats, fromSample); i < beats.length; i++) {
    const beat = beats[i];
    if (!beat || beat.r_sample > toSample) break;
    const x = mmOfTime(g, beat.r_sample / page.sampleRateHz - page.originS) * g.pxPerMm - view.panX;
    const kind = beatClass(beat.kind);
    const colour = BEAT_COLOURS[themeId][kind];
    // The beat before the page only lends its place to the first interval.
    if (beat.r_sample >= fromSample && x >= -20 && x <= view.widthPx + 20) {
      ctx.fillStyle = colour;
      ctx.fillRect(Math.round(x * dpr), bandTop * dpr, Math.max(1, Math.round(1.5 * dpr)), 2.2 * g.pxPerMm * dpr);
      if (kind !== "normal") {
        ctx.globalAlpha = 0.16;
        ctx.fillRect(Math.round((x - g.pxPerMm) * dpr), 0, Math.round(2 * g.pxPerMm * dpr), bandTop * dpr);
        ctx.globalAlpha = 1;
      }
      ctx.font = font(size, dpr, kind === "normal" ? 500 : 700);
      ctx.textAlign = "center";
      haloText(
        ctx,
        BEAT_LETTERS[kind],
        x * dpr,
        (bandTop + 2.2 * g.pxPerMm + size) * dpr,
        colour,
        theme.background,
        dpr,
      );
      const inPage = (x + previousPx) / 2 > g.leftMm * g.pxPerMm - view.panX;
      if (beat.rr_ms !== null && inPage && x - previousPx > 3.4 * size) {
        ctx.font = font(size - 1, dpr, 400);
        haloText(
          ctx,
          String(Math.round(beat.rr_ms)),
          ((x + previousPx) / 2) * dpr,
          (bandTop + 2.2 * g.pxPerMm + size) * dpr,
          theme.muted,
          theme.background,
          dpr,
        );
      }
    }
    previousPx = x;
  }
  ctx.textAlign = "left";
}

/** Index of the last beat before `sample` (so that its RR to the next is drawn), or 0. Beats are in time order. */
export function firstBeat(beats: readonly { r_sample: number }[], sample: number): number {
  let low = 0;
  let high = beats.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((beats[middle]?.r_sample ?? 0) < sample) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

export interface CaliperPlace {
  aX: number;
  aY: number;
  bX: number;
  bY: number;
  /** How far the vertical lines reach beyond the points. */
  reachY: number;
}

/** CSS pixels of a caliper in the view. */
export function placeCaliper(caliper: Caliper, view: Viewport, page: TracePage): CaliperPlace {
  const { geometry: g } = page;
  const x = (timeS: number) => mmOfTime(g, timeS - page.originS) * g.pxPerMm - view.panX;
  const y = (uv: number) => pxOfUv(g, caliper.row, uv) - view.panY;
  return {
    aX: x(caliper.a.timeS),
    aY: y(caliper.a.uv),
    bX: x(caliper.b.timeS),
    bY: y(caliper.b.uv),
    reachY: 6 * g.pxPerMm,
  };
}

export function drawCaliper(
  ctx: CanvasRenderingContext2D,
  view: Viewport,
  page: TracePage,
  caliper: Caliper,
  march: boolean,
  theme: Theme,
): void {
  const { dpr } = view;
  const { geometry: g } = page;
  const p = placeCaliper(caliper, view, page);
  const top = Math.min(p.aY, p.bY) - p.reachY;
  const bottom = Math.max(p.aY, p.bY) + p.reachY;
  const line = (x: number, from: number, to: number, width: number) =>
    ctx.fillRect(
      Math.round(x * dpr - (width * dpr) / 2),
      Math.round(from * dpr),
      Math.max(1, Math.round(width * dpr)),
      Math.round((to - from) * dpr),
    );
  if (march) {
    ctx.fillStyle = theme.march;
    for (const timeS of marchTimes(caliper, page.originS, page.originS + g.pageS)) {
      line(mmOfTime(g, timeS - page.originS) * g.pxPerMm - view.panX, top, bottom, 1);
    }
  }
  ctx.fillStyle = theme.caliperFill;
  ctx.fillRect(
    Math.min(p.aX, p.bX) * dpr,
    Math.min(p.aY, p.bY) * dpr,
    Math.abs(p.bX - p.aX) * dpr,
    Math.abs(p.bY - p.aY) * dpr,
  );
  ctx.fillStyle = theme.caliper;
  line(p.aX, top, bottom, 1.2);
  line(p.bX, top, bottom, 1.2);
  ctx.strokeStyle = theme.caliper;
  ctx.lineWidth = dpr;
  ctx.setLineDash([4 * dpr, 3 * dpr]);
  ctx.beginPath();
  for (const y of [p.aY, p.bY]) {
    ctx.moveTo(Math.min(p.aX, p.bX) * dpr, y * dpr);
    ctx.lineTo(Math.max(p.aX, p.bX) * dpr, y * dpr);
  }
  ctx.stroke();
  ctx.setLineDash([]);
  for (const [x, y] of [
    [p.aX, p.aY],
    [p.bX, p.bY],
  ] as const) {
    ctx.beginPath();
    ctx.arc(x * dpr, y * dpr, 4 * dpr, 0, 2 * Math.PI);
    ctx.fillStyle = theme.background;
    ctx.fill();
    ctx.lineWidth = 2 * dpr;
    ctx.stroke();
  }
  bubble(ctx, view, formatReading(readCaliper(caliper)), (p.aX + p.bX) / 2, top - 6, theme);
}

/** A filled label, kept inside the view; `y` is its lower edge. */
function bubble(ctx: CanvasRenderingContext2D, view: Viewport, text: string, x: number, y: number, theme: Theme): void {
  const { dpr } = view;
  ctx.font = font(13, dpr);
  const width = ctx.measureText(text).width / dpr + 16;
  const height = 24;
  const left = Math.max(4, Math.min(view.widthPx - width - 4, x - width / 2));
  const top = Math.max(4, Math.min(view.heightPx - height - 4, y - height));
  ctx.fillStyle = theme.bubble;
  ctx.beginPath();
  roundedRect(ctx, left * dpr, top * dpr, width * dpr, height * dpr, 6 * dpr);
  ctx.fill();
  ctx.fillStyle = theme.bubbleText;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.fillText(text, (left + 8) * dpr, (top + height / 2 + 0.5) * dpr);
  ctx.textBaseline = "alphabetic";
}

export function roundedRect(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  w: number,
  h: number,
  r: number,
): void {
  ctx.moveTo(x + r, y);
  ctx.arcTo(x + w, y, x + w, y + h, r);
  ctx.arcTo(x + w, y + h, x, y + h, r);
  ctx.arcTo(x, y + h, x, y, r);
  ctx.arcTo(x, y, x + w, y, r);
  ctx.closePath();
}
