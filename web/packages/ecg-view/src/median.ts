/**
 * The median-beat view: all leads laid over one another in one large panel, where the fiducial lines are set, and each
 * lead alone in a 3×4 panel beside (or under) it. Both panels name their own scale. Drawing in device pixels.
 */
import { font, roundedRect } from "./annotate";
import { haloText, type Viewport } from "./draw";
import { buildLayout } from "./layout";
import { FIDUCIAL_NAMES, type FiducialName, type Fiducials, type MedianBeats } from "./model";
import type { Labels } from "./labels";
import type { Theme } from "./theme";

export interface MedianPanel {
  /** CSS pixels. */
  x: number;
  y: number;
  width: number;
  height: number;
  mmPerS: number;
  mmPerMv: number;
}

export interface MedianGeometry {
  pxPerMm: number;
  overlay: MedianPanel;
  cells: {
    label: string;
    lead: number | null;
    inverted: boolean;
    x: number;
    y: number;
    width: number;
    height: number;
  }[];
  cellMmPerS: number;
  cellMmPerMv: number;
  durationS: number;
}

const SPEEDS = [200, 100, 50, 25, 12.5];
const GAINS = [40, 20, 10, 5, 2.5];
const STACK_BELOW_PX = 820;
const CAPTION_MM = 6;

/** The largest standard scale at which `extent` (s or mV) takes no more than `roomMm`; the smallest when none does. */
export function largestScale(scales: readonly number[], extent: number, roomMm: number): number {
  return scales.find((scale) => scale * extent <= roomMm) ?? (scales[scales.length - 1] as number);
}

export function medianGeometry(
  median: MedianBeats,
  cabrera: boolean,
  widthPx: number,
  heightPx: number,
  pxPerMm: number,
): MedianGeometry {
  const samples = Math.max(1, ...median.leads.map((lead) => lead.samples_uv.length));
  const durationS = samples / median.sample_rate_hz;
  const { low, high } = range(median.leads);
  const spanMv = (high - low) / 1000;
  const stacked = widthPx < STACK_BELOW_PX;
  const snap = (px: number) => Math.floor(px / pxPerMm / 5) * 5 * pxPerMm;
  const split = stacked ? snap(heightPx * 0.52) : snap(widthPx * 0.42);
  const overlayBox = stacked
    ? { x: 0, y: 0, width: widthPx, height: split }
    : { x: 0, y: 0, width: split, height: heightPx };
  const gridBox = stacked
    ? { x: 0, y: split, width: widthPx, height: heightPx - split }
    : { x: split, y: 0, width: widthPx - split, height: heightPx };
  const overlay: MedianPanel = {
    ...overlayBox,
    mmPerS: largestScale(SPEEDS, durationS, overlayBox.width / pxPerMm - 8),
    mmPerMv: largestScale(GAINS, spanMv, overlayBox.height / pxPerMm - 26),
  };
  const layout = buildLayout(
    median.leads.map((lead) => lead.lead),
    { layout: "3x4+1", cabrera, rhythmLead: "II" },
  );
  const cells = layout.cells.filter((cell) => !cell.rhythm);
  const columns = layout.pageS === null ? Math.ceil(cells.length / 3) : 4;
  const rows = layout.pageS === null ? Math.ceil(cells.length / columns) : 3;
  const width = gridBox.width / columns;
  const height = gridBox.height / rows;
  return {
    pxPerMm,
    overlay,
    cells: cells.map((cell, i) => ({
      label: cell.label,
      lead: cell.lead,
      inverted: cell.inverted,
      x: gridBox.x + Math.floor(i / rows) * width,
      y: gridBox.y + (i % rows) * height,
      width,
      height,
    })),
    cellMmPerS: largestScale(SPEEDS, durationS, width / pxPerMm - 2),
    cellMmPerMv: largestScale(GAINS, Math.max(...median.leads.map(spanOf)), height / pxPerMm - CAPTION_MM - 4),
    durationS,
  };
}

/** Left edge in CSS pixels of the beat inside the overlay panel (the beat is centred). */
export function overlayLeftPx(g: MedianGeometry): number {
  return g.overlay.x + (g.overlay.width - g.durationS * g.overlay.mmPerS * g.pxPerMm) / 2;
}

export function overlayXOfSample(g: MedianGeometry, sample: number, sampleRateHz: number): number {
  return overlayLeftPx(g) + (sample / sampleRateHz) * g.overlay.mmPerS * g.pxPerMm;
}

export function overlaySampleOfX(g: MedianGeometry, x: number, sampleRateHz: number): number {
  return ((x - overlayLeftPx(g)) / (g.overlay.mmPerS * g.pxPerMm)) * sampleRateHz;
}

/** The fiducial line under a point (CSS pixels), the nearest within the tolerance, or null. */
export function hitFiducial(
  g: MedianGeometry,
  fiducials: Fiducials,
  sampleRateHz: number,
  x: number,
  y: number,
  tolerancePx: number,
): FiducialName | null {
  if (y < g.overlay.y || y > g.overlay.y + g.overlay.height || x > g.overlay.x + g.overlay.width) return null;
  let best: FiducialName | null = null;
  let distance = tolerancePx;
  for (const name of FIDUCIAL_NAMES) {
    const sample = fiducials[name];
    if (sample === null) continue;
    const d = Math.abs(overlayXOfSample(g, sample, sampleRateHz) - x);
    if (d <= distance) {
      distance = d;
      best = name;
    }
  }
  return best;
}

export function fiducialColour(name: FiducialName, theme: Theme): string {
  return name.startsWith("p_") ? theme.fiducialP : name.startsWith("qrs") ? theme.fiducialQrs : theme.fiducialT;
}

export function drawMedian(
  ctx: CanvasRenderingContext2D,
  view: Viewport,
  g: MedianGeometry,
  median: MedianBeats,
  fiducials: Fiducials,
  selected: FiducialName | null,
  labels: Labels,
  theme: Theme,
): void {
  const { dpr } = view;
  const mm = g.pxPerMm;
  ctx.lineJoin = "round";
  ctx.textBaseline = "alphabetic";
  const { low, high } = range(median.leads);
  const o = g.overlay;
  const zeroY = o.y + (o.height + 10 * mm) / 2 + ((high + low) / 2 / 1000) * o.mmPerMv * mm;
  ctx.lineWidth = Math.max(1, 0.22 * mm * dpr);
  ctx.strokeStyle = theme.trace;
  ctx.globalAlpha = 0.62;
  for (const lead of median.leads) {
    stroke(
      ctx,
      lead.samples_uv,
      overlayLeftPx(g) * dpr,
      (o.mmPerS * mm * dpr) / median.sample_rate_hz,
      zeroY * dpr,
      (-o.mmPerMv / 1000) * mm * dpr,
    );
  }
  ctx.globalAlpha = 1;
  ctx.font = font(12, dpr);
  haloText(ctx, labels.overlaid, (o.x + 8) * dpr, (o.y + o.height - 10) * dpr, theme.label, theme.background, dpr);
  ctx.font = font(12, dpr, 400);
  ctx.textAlign = "right";
  haloText(
    ctx,
    `${o.mmPerS} mm/s ${o.mmPerMv} mm/mV`,
    (o.x + o.width - 8) * dpr,
    (o.y + o.height - 10) * dpr,
    theme.muted,
    theme.background,
    dpr,
  );
  ctx.textAlign = "left";
  for (const cell of g.cells) {
    const beat = cell.lead === null ? undefined : median.leads[cell.lead];
    const left = cell.x + (cell.width - g.durationS * g.cellMmPerS * mm) / 2;
    const own = beat ? range([beat]) : { low, high };
    const middle =
      cell.y +
      (cell.height + CAPTION_MM * mm) / 2 +
      (cell.inverted ? -1 : 1) * ((own.high + own.low) / 2 / 1000) * g.cellMmPerMv * mm;
    for (const name of FIDUCIAL_NAMES) {
      const sample = fiducials[name];
      if (sample === null) continue;
      ctx.fillStyle = fiducialColour(name, theme);
      ctx.globalAlpha = 0.35;
      const x = left + (sample / median.sample_rate_hz) * g.cellMmPerS * mm;
      ctx.fillRect(
        Math.round(x * dpr),
        Math.round((cell.y + CAPTION_MM * mm) * dpr),
        Math.max(1, Math.round(dpr)),
        Math.round((cell.height - (CAPTION_MM + 2) * mm) * dpr),
      );
      ctx.globalAlpha = 1;
    }
    ctx.strokeStyle = theme.trace;
    ctx.lineWidth = Math.max(1.4, 0.34 * mm) * dpr;
    if (beat) {
      stroke(
        ctx,
        beat.samples_uv,
        left * dpr,
        (g.cellMmPerS * mm * dpr) / median.sample_rate_hz,
        middle * dpr,
        ((cell.inverted ? 1 : -1) * g.cellMmPerMv * mm * dpr) / 1000,
      );
    }
    ctx.font = font(12, dpr);
    const text = beat ? cell.label : `${cell.label} ${labels.missingLead}`;
    haloText(ctx, text, (cell.x + 6) * dpr, (cell.y + 4.6 * mm) * dpr, theme.label, theme.background, dpr);
  }
  const last = g.cells[g.cells.length - 1];
  if (last) {
    ctx.font = font(12, dpr, 400);
    ctx.textAlign = "right";
    haloText(
      ctx,
      `${g.cellMmPerS} mm/s ${g.cellMmPerMv} mm/mV`,
      (last.x + last.width - 8) * dpr,
      (last.y + last.height - 10) * dpr,
      theme.muted,
      theme.background,
      dpr,
    );
    ctx.textAlign = "left";
  }
  ctx.fillStyle = theme.gridMajor;
  const stacked = (g.cells[0]?.y ?? 0) >= o.height;
  if (stacked) ctx.fillRect(0, Math.round(o.height * dpr), view.widthPx * dpr, 2 * dpr);
  else ctx.fillRect(Math.round(o.width * dpr), 0, 2 * dpr, view.heightPx * dpr);
  drawFiducials(ctx, view, g, fiducials, median.sample_rate_hz, selected, labels, theme);
}

function drawFiducials(
  ctx: CanvasRenderingContext2D,
  view: Viewport,
  g: MedianGeometry,
  fiducials: Fiducials,
  sampleRateHz: number,
  selected: FiducialName | null,
  labels: Labels,
  theme: Theme,
): void {
  const { dpr } = view;
  FIDUCIAL_NAMES.forEach((name, i) => {
    const sample = fiducials[name];
    if (sample === null) return;
    const x = overlayXOfSample(g, sample, sampleRateHz);
    const colour = fiducialColour(name, theme);
    const chosen = name === selected;
    // Labels alternate between two heights: neighbours such as P off and QRS on can stand a few pixels apart.
    const labelY = g.overlay.y + 6 + (i % 2) * 24;
    ctx.fillStyle = colour;
    ctx.fillRect(
      Math.round(x * dpr - (chosen ? dpr : dpr / 2)),
      Math.round((labelY + 18) * dpr),
      Math.max(1, Math.round((chosen ? 2 : 1) * dpr)),
      Math.round((g.overlay.height - labelY - 46) * dpr),
    );
    ctx.font = font(11, dpr);
    const text = labels[name];
    const width = ctx.measureText(text).width / dpr + 12;
    ctx.beginPath();
    roundedRect(ctx, (x - width / 2) * dpr, labelY * dpr, width * dpr, 20 * dpr, 5 * dpr);
    ctx.fill();
    ctx.fillStyle = theme.background;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(text, x * dpr, (labelY + 10.5) * dpr);
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
  });
}

function stroke(
  ctx: CanvasRenderingContext2D,
  samples: readonly number[],
  x0: number,
  dx: number,
  y0: number,
  scale: number,
): void {
  ctx.beginPath();
  let down = false;
  samples.forEach((v, i) => {
    if (!Number.isFinite(v)) {
      down = false;
      return;
    }
    const x = x0 + i * dx;
    const y = y0 + v * scale;
    if (down) ctx.lineTo(x, y);
    else ctx.moveTo(x, y);
    down = true;
  });
  ctx.stroke();
}

/** Lowest and highest µV, at least 0.2 mV down and 0.3 mV up, so that a flat lead does not fill its panel with noise. */
function range(leads: MedianBeats["leads"]): { low: number; high: number } {
  let low = -200;
  let high = 300;
  for (const lead of leads) {
    for (const v of lead.samples_uv) {
      if (v < low) low = v;
      if (v > high) high = v;
    }
  }
  return { low, high };
}

function spanOf(lead: MedianBeats["leads"][number]): number {
  const { low, high } = range([lead]);
  return (high - low) / 1000;
}
