/** The stacked canvases of the viewer, sized to the view in device pixels. */
import { el } from "./dom";
import type { Viewport } from "./draw";

/** From the bottom up: paper, lead names, traces, tools. */
export const LAYERS = ["paper", "names", "traces", "tools"] as const;
export type Layer = (typeof LAYERS)[number];

export class Layers {
  readonly #canvases: Record<Layer, HTMLCanvasElement> = {
    paper: el("canvas"),
    names: el("canvas"),
    traces: el("canvas"),
    tools: el("canvas"),
  };

  get elements(): HTMLCanvasElement[] {
    return LAYERS.map((layer) => this.#canvases[layer]);
  }

  /** The layer's context, resized to the view and emptied (the paper is painted over, so it is not). */
  context(layer: Layer, view: Viewport): CanvasRenderingContext2D | null {
    const canvas = this.#canvases[layer];
    const width = Math.max(1, Math.round(view.widthPx * view.dpr));
    const height = Math.max(1, Math.round(view.heightPx * view.dpr));
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const ctx = canvas.getContext("2d");
    if (layer !== "paper") ctx?.clearRect(0, 0, width, height);
    return ctx;
  }
}
