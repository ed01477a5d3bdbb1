/**
 * Paper, screen and signal: millimetres, CSS pixels, seconds, samples and microvolts.
 *
 * Invariant: one mm is `pxPerMm` CSS pixels in both directions, so the grid is square and a caliper on the screen agrees
 * with a ruler on paper of the same scale. With `zoom` 1 and a calibrated screen the scale is true.
 */
import type { PageLayout } from "./layout";

export type SpeedMmS = 12.5 | 25 | 50;
export type GainMmMv = 2.5 | 5 | 10 | 20;
export const SPEEDS_MM_S: readonly SpeedMmS[] = [12.5, 25, 50];
export const GAINS_MM_MV: readonly GainMmMv[] = [2.5, 5, 10, 20];

/** CSS defines 96 px as one inch; true only on a screen that keeps to it, hence the calibration. */
export const CSS_PX_PER_MM = 96 / 25.4;
/** ISO/IEC 7810 ID-1, the size of a bank or identity card. */
export const CARD_WIDTH_MM = 85.6;
export const CARD_HEIGHT_MM = 53.98;

/** Pixels per mm of this screen from the width in CSS pixels at which a drawn box covers an object of known width. */
export function pxPerMmFromObject(boxWidthPx: number, objectWidthMm: number = CARD_WIDTH_MM): number {
  if (!(boxWidthPx > 0 && objectWidthMm > 0)) throw new RangeError("widths must be positive");
  return boxWidthPx / objectWidthMm;
}

/** Pixels per mm from the width of the whole screen as printed on its data sheet. */
export function pxPerMmFromScreen(screenWidthPx: number, screenWidthMm: number): number {
  return pxPerMmFromObject(screenWidthPx, screenWidthMm);
}

/** A calibration outside this range is a slip of the hand: 2 px/mm = 51 dpi, 12 px/mm = 305 CSS dpi. */
export function isPlausiblePxPerMm(value: number): boolean {
  return value >= 2 && value <= 12;
}

/** The calibration pulse is 1 mV high and 200 ms long and rises on a 5 mm line, so that the grid proves it at a glance. */
export const PULSE_MS = 200;
export const PULSE_UV = 1000;
export const PULSE_RISE_MM = 5;
export const PULSE_FOOT_MM = 2;
const EDGE_MM = 2;
const TOP_MM = 3;
const BOTTOM_MM = 3;

export interface RowPlace {
  /** Baseline (0 µV) of the row in mm from the top of the page. */
  baselineMm: number;
}

export interface Extent {
  /** mm above the baseline that the row's traces reach. */
  upMm: number;
  /** mm below. */
  downMm: number;
}

export interface PageGeometry {
  pxPerMm: number;
  speedMmS: SpeedMmS;
  gainMmMv: GainMmMv;
  /** mm from the left edge of the page to time 0 of the page. */
  leftMm: number;
  /** Seconds on the page. */
  pageS: number;
  widthMm: number;
  heightMm: number;
  rows: RowPlace[];
}

export interface GeometryInput {
  layout: PageLayout;
  viewWidthPx: number;
  viewHeightPx: number;
  pxPerMm: number;
  speedMmS: SpeedMmS;
  gainMmMv: GainMmMv;
  /** Seconds of the whole recording. */
  durationS: number;
  /** How far the traces of each row reach; missing = the usual allowance. */
  extents?: readonly Extent[];
  /** Room that must stay free at the bottom, e.g. for beat marks. */
  bottomMm?: number;
}

/** Least height of a row that a reader accepts before the page scrolls instead, by number of rows. */
export function minRowMm(rows: number): number {
  return rows > 6 ? 12 : rows > 4 ? 15 : 18;
}

/** Height of a row that looks right on paper, used to choose the zoom that fits. */
export function idealRowMm(rows: number): number {
  return rows > 6 ? 15 : rows > 4 ? 20 : 26;
}

/** Time 0 stands on the first 5 mm line that leaves room for the pulse. */
export function leftMarginMm(speedMmS: number): number {
  return 5 * Math.ceil((PULSE_RISE_MM + (PULSE_MS / 1000) * speedMmS + PULSE_FOOT_MM) / 5);
}

export function pageGeometry(input: GeometryInput): PageGeometry {
  const { layout, pxPerMm, speedMmS } = input;
  const leftMm = leftMarginMm(speedMmS);
  const viewWidthMm = input.viewWidthPx / pxPerMm;
  const viewHeightMm = input.viewHeightPx / pxPerMm;
  const fitS = Math.max(0.5, (viewWidthMm - leftMm - EDGE_MM) / speedMmS);
  const pageS = layout.pageS ?? Math.min(fitS, Math.max(1, input.durationS));
  const bottomMm = input.bottomMm ?? BOTTOM_MM;
  const heightMm = Math.max(viewHeightMm, TOP_MM + bottomMm + layout.rows * minRowMm(layout.rows));
  return {
    pxPerMm,
    speedMmS,
    gainMmMv: input.gainMmMv,
    leftMm,
    pageS,
    widthMm: leftMm + pageS * speedMmS + EDGE_MM,
    heightMm,
    rows: placeRows(layout.rows, TOP_MM, heightMm - bottomMm, input.extents),
  };
}

/**
 * Baselines between `topMm` and `bottomMm`. With known extents every row gets the room it needs and the rest is shared
 * evenly, so that a tall chest lead does not run into its neighbour while a flat one has room to spare; when there is
 * less room than needed, all rows give way in proportion and overlap as they would on paper.
 */
export function placeRows(count: number, topMm: number, bottomMm: number, extents?: readonly Extent[]): RowPlace[] {
  const needs = Array.from({ length: count }, (_, i): Extent => {
    const extent = extents?.[i];
    return { upMm: Math.max(4, extent?.upMm ?? 6), downMm: Math.max(3, extent?.downMm ?? 4) };
  });
  const room = Math.max(1, bottomMm - topMm);
  const needed = needs.reduce((sum, n) => sum + n.upMm + n.downMm, 0);
  const spare = needed <= room ? (room - needed) / count : 0;
  const squeeze = needed <= room ? 1 : room / needed;
  let y = topMm;
  return needs.map((n) => {
    // On a whole millimetre, so that a level segment can be read against the grid.
    const baselineMm = Math.round(y + spare / 2 + n.upMm * squeeze);
    y += spare + (n.upMm + n.downMm) * squeeze;
    return { baselineMm };
  });
}

/** mm on the page for seconds since the start of the page. */
export function mmOfTime(g: PageGeometry, timeS: number): number {
  return g.leftMm + timeS * g.speedMmS;
}

export function timeOfMm(g: PageGeometry, mm: number): number {
  return (mm - g.leftMm) / g.speedMmS;
}

export function pxOfTime(g: PageGeometry, timeS: number): number {
  return mmOfTime(g, timeS) * g.pxPerMm;
}

export function timeOfPx(g: PageGeometry, px: number): number {
  return timeOfMm(g, px / g.pxPerMm);
}

/** CSS pixels from the top of the page for µV in a row; positive is up. */
export function pxOfUv(g: PageGeometry, row: number, uv: number): number {
  return ((g.rows[row]?.baselineMm ?? 0) - (uv / 1000) * g.gainMmMv) * g.pxPerMm;
}

export function uvOfPx(g: PageGeometry, row: number, px: number): number {
  return (((g.rows[row]?.baselineMm ?? 0) - px / g.pxPerMm) / g.gainMmMv) * 1000;
}

export function pxPerUv(g: PageGeometry): number {
  return (g.gainMmMv / 1000) * g.pxPerMm;
}

/** The row whose baseline is nearest, for a height on the page. */
export function rowAtPx(g: PageGeometry, px: number): number {
  let best = 0;
  let distance = Number.POSITIVE_INFINITY;
  g.rows.forEach((row, i) => {
    const d = Math.abs(row.baselineMm * g.pxPerMm - px);
    if (d < distance) {
      distance = d;
      best = i;
    }
  });
  return best;
}

export function sampleOfTime(timeS: number, sampleRateHz: number): number {
  return timeS * sampleRateHz;
}

export function timeOfSample(sample: number, sampleRateHz: number): number {
  return sample / sampleRateHz;
}

/**
 * The zoom at which a page (of a stacked layout: up to ten seconds) fills the view without scrolling, never below 1 (a
 * smaller screen scrolls over a page of true size) and never above 2.2.
 */
export function fitZoom(
  layout: PageLayout,
  durationS: number,
  speedMmS: number,
  viewWidthPx: number,
  viewHeightPx: number,
  truePxPerMm: number,
): number {
  const heightMm = TOP_MM + BOTTOM_MM + layout.rows * idealRowMm(layout.rows);
  const seconds = layout.pageS ?? Math.min(durationS, 10);
  const widthMm = leftMarginMm(speedMmS) + seconds * speedMmS + EDGE_MM;
  // Rows may come a fifth closer than ideal before the width is given up.
  const zoom = Math.min((1.2 * viewHeightPx) / (heightMm * truePxPerMm), viewWidthPx / (widthMm * truePxPerMm));
  return Math.min(2.2, Math.max(1, zoom));
}

/** Next coarser or finer step of a list of settings; stays at the ends. */
export function stepOf<T extends number>(list: readonly T[], current: T, direction: 1 | -1): T {
  const index = list.indexOf(current);
  return list[Math.min(list.length - 1, Math.max(0, index + direction))] ?? current;
}

/** "1:02:03.4" or "2.5 s" style clock of a position in the recording. */
export function formatClock(timeS: number): string {
  const tenths = Math.max(0, Math.round(timeS * 10));
  const s = Math.floor(tenths / 10);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}.${tenths % 10}`;
}
