/** The line under the trace: settings, the caliper's reading, and where and at what scale the page stands. */
import { el } from "./dom";
import { formatClock } from "./geometry";
import type { Labels } from "./labels";

export interface FooterState {
  settings: string;
  reading: string;
  /** Null without a recording. */
  position: {
    originS: number;
    pageS: number;
    durationS: number;
    sampleRateHz: number;
    /** 1 = true size. */
    zoom: number;
    calibrated: boolean;
  } | null;
}

export class Footer {
  readonly element: HTMLElement;
  readonly #settings = el("b");
  readonly #reading = el("b", { "aria-live": "polite" });
  readonly #position = el("span");

  constructor() {
    this.element = el("div", { class: "ecgv-footer" }, this.#settings, this.#reading, this.#position);
  }

  show(state: FooterState, labels: Labels): void {
    setText(this.#settings, state.settings);
    this.#settings.title = labels.filterHint;
    setText(this.#reading, state.reading);
    setText(this.#position, state.position ? positionText(state.position, labels) : "");
  }
}

/** Leaves an unchanged text alone, so that a live region does not speak again. */
function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function positionText(p: NonNullable<FooterState["position"]>, labels: Labels): string {
  const scale =
    p.zoom > 1.005
      ? `${labels.enlarged} ×${p.zoom.toFixed(2)}`
      : p.calibrated
        ? labels.actualSize
        : `1:1 (${labels.uncalibrated})`;
  const end = Math.min(p.durationS, p.originS + p.pageS);
  const place =
    p.durationS > p.pageS * 1.05
      ? `${formatClock(p.originS)}–${formatClock(end)} / ${formatClock(p.durationS)}`
      : `${Number(p.durationS.toFixed(1))} s`;
  return `${place} · ${Number(p.sampleRateHz.toFixed(2))} Hz · ${scale}`;
}
