/** The caliper under the reader's hand: placing, moving, and keeping the last measurement when a click was no drag. */
import { placeCaliper } from "./annotate";
import { type Caliper, type CaliperHandle, hitCaliper, moveCaliper, readCaliper } from "./caliper";
import type { TracePage, Viewport } from "./draw";
import { type PageGeometry, rowAtPx, timeOfPx, uvOfPx } from "./geometry";

/** A drag shorter than this and lower than 0.01 mV was a click. */
const LEAST_MS = 4;

export class CaliperTool {
  caliper: Caliper | null = null;
  #previous: Caliper | null = null;

  hit(page: TracePage, view: Viewport, x: number, y: number, tolerancePx: number): CaliperHandle | null {
    if (!this.caliper) return null;
    const p = placeCaliper(this.caliper, view, page);
    return hitCaliper(p.aX, p.aY, p.bX, p.bY, x, y, p.reachY, tolerancePx);
  }

  start(page: TracePage, view: Viewport, x: number, y: number): void {
    const { geometry } = page;
    this.#previous = this.caliper;
    const row = rowAtPx(geometry, y + view.panY);
    const point = {
      timeS: page.originS + timeOfPx(geometry, x + view.panX),
      uv: uvOfPx(geometry, row, y + view.panY),
    };
    this.caliper = { row, a: point, b: point };
  }

  /** Moves by CSS pixels, down is positive. */
  drag(g: PageGeometry, handle: CaliperHandle, dx: number, dy: number): void {
    if (!this.caliper) return;
    const deltaS = dx / (g.speedMmS * g.pxPerMm);
    const deltaUv = (-dy / (g.gainMmMv * g.pxPerMm)) * 1000;
    this.caliper = moveCaliper(this.caliper, handle, deltaS, deltaUv);
  }

  end(): void {
    if (!this.caliper) return;
    const reading = readCaliper(this.caliper);
    if (reading.intervalMs < LEAST_MS && Math.abs(reading.amplitudeMv) < 0.01) this.caliper = this.#previous;
  }
}
