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
const PULSE_RISE_MM = 5;
/** On stacked layouts the lead names stand left of the pulse, where no wave can run into them. */
const STACKED_PULSE_RISE_MM = 10;
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
  /** mm from the left edge to the rising edge of the calibration pulse. */
  pulseRiseMm: number;
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

function pulseRiseMm(stacked: boolean): number {
  return stacked ? STACKED_PULSE_RISE_MM : PULSE_RISE_MM;
}

/** Time 0 stands on the first 5 mm line that leaves room for the pulse. */
export function leftMarginMm(speedMmS: number, stacked = false): number {
  return 5 * Math.ceil((pulseRiseMm(stacked) + (PULSE_MS / 1000) * speedMmS + PULSE_FOOT_MM) / 5);
}

export function pageGeometry(input: GeometryInput): PageGeometry {
  const { layout, pxPerMm, speedMmS } = input;
  const stacked = layout.pageS === null;
  const leftMm = leftMarginMm(speedMmS, stacked);
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
    pulseRiseMm: pulseRiseMm(stacked),
    pageS,
    widthMm: leftMm + pageS * speedMmS + EDGE_MM,
    heightMm,
    rows: placeRows(layout.rows, 1, heightMm - bottomMm, withPulse(input, (heightMm - bottomMm - 1) / layout.rows)),
  };
}

/** Room above every baseline for its calibration pulse, as far as an even spacing allows; in the first row in any case. */
function withPulse(input: GeometryInput, pitchMm: number): Extent[] {
  const pulseMm = input.gainMmMv + 1;
  return Array.from({ length: input.layout.rows }, (_, i) => {
    const extent = input.extents?.[i] ?? { upMm: 6, downMm: 4 };
    return { ...extent, upMm: Math.max(extent.upMm, i === 0 ? pulseMm : Math.min(pulseMm, 0.7 * pitchMm)) };
  });
}

/** Rows never stand further apart than this, however tall the window: the eye must still compare them. */
const MOST_PITCH_MM = 42;
/** Share of an even spacing that every row keeps, however much its neighbours would like to have. */
const EVEN_SHARE = 0.8;

/**
 * Baselines between `topMm` and `bottomMm`, on whole millimetres so that a level segment can be read against the grid.
 * With known extents every row gets the room it needs and the rest is shared evenly, so that a tall chest lead does not
 * run into its neighbour while a flat one has room to spare. When there is less room than needed, every row keeps a
 * fair share and the traces overlap as they would on paper.
 */
export function placeRows(count: number, topMm: number, bottomMm: number, extents?: readonly Extent[]): RowPlace[] {
  const up = Array.from({ length: count }, (_, i) => Math.max(4, extents?.[i]?.upMm ?? 6));
  const down = Array.from({ length: count }, (_, i) => Math.max(3, extents?.[i]?.downMm ?? 4));
  const room = Math.max(1, Math.min(bottomMm - topMm, count * MOST_PITCH_MM));
  const topOfRows = topMm + Math.max(0, bottomMm - topMm - room) / 2;
  // gaps[0] is above the first baseline, gaps[count] below the last; those two count as half a pitch.
  const wanted = Array.from(
    { length: count + 1 },
    (_, i) => (i > 0 ? (down[i - 1] as number) : 0) + (i < count ? (up[i] as number) : 0),
  );
  const total = wanted.reduce((sum, gap) => sum + gap, 0);
  const pitch = room / count;
  let gaps: number[];
  if (total <= room) {
    const share = (room - total) / count;
    gaps = wanted.map((gap, i) => gap + (i === 0 || i === count ? share / 2 : share));
  } else {
    // What runs over a neighbour can still be read; what runs off the page cannot, so the edges come first.
    const top = Math.min(wanted[0] as number, 0.85 * pitch);
    const bottom = Math.min(wanted[count] as number, 0.6 * pitch);
    const inner = wanted.slice(1, count);
    const least = (EVEN_SHARE * (room - top - bottom)) / Math.max(1, inner.length);
    const excess = inner.map((gap) => Math.max(0, gap - least));
    const sum = excess.reduce((a, b) => a + b, 0);
    const extra = (1 - EVEN_SHARE) * (room - top - bottom);
    gaps = [top, ...excess.map((gap) => least + (sum > 0 ? (gap / sum) * extra : extra / excess.length)), bottom];
  }
  let y = topOfRows;
  return Array.from({ length: count }, (_, i) => {
    y += gaps[i] as number;
    return { baselineMm: Math.round(y) };
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
  const widthMm = leftMarginMm(speedMmS, layout.pageS === null) + seconds * speedMmS + EDGE_MM;
  // A few rows may come a fifth closer than ideal before the width is given up; twelve are close enough.
  const squeeze = layout.rows > 6 ? 1.05 : 1.2;
  const zoom = Math.min((squeeze * viewHeightPx) / (heightMm * truePxPerMm), viewWidthPx / (widthMm * truePxPerMm));
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
