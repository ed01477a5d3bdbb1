/** The magnifier: the paper under the pointer, drawn again at three times the scale (not an enlarged picture). */
import { roundedRect } from "./annotate";
import { drawGrid, drawTraces, type TracePage, traceWidth, type Viewport } from "./draw";
import { PathPen } from "./ink";
import type { Theme } from "./theme";

const FACTOR = 3;
const WIDTH_PX = 300;
const HEIGHT_PX = 220;
/** Clear of the finger, which hides what is under it. */
const TOUCH_LIFT_PX = 130;

let scratch: HTMLCanvasElement | null = null;

export function drawMagnifier(
  ctx: CanvasRenderingContext2D,
  view: Viewport,
  page: TracePage,
  at: { x: number; y: number; touch: boolean },
  theme: Theme,
): void {
  const { dpr } = view;
  const width = Math.min(WIDTH_PX, view.widthPx - 16);
  const height = Math.min(HEIGHT_PX, view.heightPx - 16);
  scratch ??= document.createElement("canvas");
  scratch.width = Math.round(width * dpr);
  scratch.height = Math.round(height * dpr);
  const lens = scratch.getContext("2d");
  if (!lens) return;
  const inner: Viewport = {
    widthPx: width,
    heightPx: height,
    panX: (view.panX + at.x) * FACTOR - width / 2,
    panY: (view.panY + at.y) * FACTOR - height / 2,
    dpr,
  };
  const geometry = { ...page.geometry, pxPerMm: page.geometry.pxPerMm * FACTOR };
  drawGrid(lens, inner, geometry.pxPerMm, theme);
  drawTraces(new PathPen(lens, theme.trace, traceWidth(geometry.pxPerMm, dpr)), inner, { ...page, geometry });
  const centreY = at.touch ? at.y - TOUCH_LIFT_PX : at.y;
  const left = Math.max(4, Math.min(view.widthPx - width - 4, at.x - width / 2));
  const top = Math.max(4, Math.min(view.heightPx - height - 4, centreY - height / 2));
  ctx.save();
  ctx.shadowColor = "rgba(15, 23, 42, 0.35)";
  ctx.shadowBlur = 18 * dpr;
  ctx.fillStyle = theme.background;
  ctx.beginPath();
  roundedRect(ctx, left * dpr, top * dpr, width * dpr, height * dpr, 10 * dpr);
  ctx.fill();
  ctx.shadowColor = "transparent";
  ctx.clip();
  ctx.drawImage(scratch, Math.round(left * dpr), Math.round(top * dpr));
  ctx.restore();
  ctx.strokeStyle = theme.caliper;
  ctx.lineWidth = 1.5 * dpr;
  ctx.beginPath();
  roundedRect(ctx, left * dpr, top * dpr, width * dpr, height * dpr, 10 * dpr);
  ctx.stroke();
}
