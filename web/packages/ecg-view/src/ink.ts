/**
 * Lines into pixels. Stroking many thousand short segments through the canvas costs 50–150 ms without a GPU, far above a
 * frame; this rasterizer does the same page in a few, and looks the same on every machine.
 *
 * A line is every point within half the width of a segment; a pixel's coverage is that distance from its centre, so
 * joins are round and overlapping segments never darken each other (the greater coverage stays).
 * Absent: dashes, caps other than round, colours within one layer.
 */

/** What draws a trace: a polyline that may be lifted, inside a strip of columns. All in device pixels. */
export interface Pen {
  /** Nothing is drawn left of `fromX` or right of `toX`. */
  strip(fromX: number, toX: number): void;
  to(x: number, y: number): void;
  lift(): void;
  /** Ends the strip. */
  flush(): void;
}

export class InkLayer implements Pen {
  #width = 0;
  #height = 0;
  #image: ImageData | null = null;
  #pixels = new Uint32Array(0);
  #rgb = 0;
  #half = 0.5;
  #from = 0;
  #to = 0;
  #x = 0;
  #y = 0;
  #down = false;
  /** Direction of the segment before, 0/0 after a lift. */
  #lastDx = 0;
  #lastDy = 0;

  /** Empties the layer and sets what follows: a `#rrggbb` colour and a line width in device pixels. */
  begin(width: number, height: number, colour: string, lineWidth: number): void {
    if (width !== this.#width || height !== this.#height || !this.#image) {
      this.#image = new ImageData(width, height);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
      this.#width = width;
      this.#height = height;
    } else {
      this.#pixels.fill(0);
    }
    this.#rgb = packColour(colour);
    this.#half = lineWidth / 2;
    this.strip(0, width);
  }

  strip(fromX: number, toX: number): void {
    this.#from = Math.max(0, Math.round(fromX));
    this.#to = Math.min(this.#width, Math.round(toX));
    this.lift();
  }

  to(x: number, y: number): void {
    if (this.#down) this.#segment(this.#x, this.#y, x, y);
    this.#x = x;
    this.#y = y;
    this.#down = true;
  }

  lift(): void {
    this.#down = false;
    this.#lastDx = 0;
    this.#lastDy = 0;
  }

  flush(): void {
    this.lift();
  }

  /** Replaces the whole content of the context's canvas. */
  put(ctx: CanvasRenderingContext2D): void {
    if (this.#image) ctx.putImageData(this.#image, 0, 0);
  }

  /** Coverage of one pixel, 0–255. For tests. */
  coverage(x: number, y: number): number {
    return (this.#pixels[y * this.#width + x] ?? 0) >>> 24;
  }

  #segment(x0: number, y0: number, x1: number, y1: number): void {
    const dx = x1 - x0;
    const dy = y1 - y0;
    const length2 = dx * dx + dy * dy;
    const turn = dx * this.#lastDx + dy * this.#lastDy;
    const last2 = this.#lastDx * this.#lastDx + this.#lastDy * this.#lastDy;
    this.#lastDx = dx;
    this.#lastDy = dy;
    // A round join is wanted where the line begins or bends by more than about 25°; elsewhere the segments meet anyway.
    if (turn <= 0 || turn * turn < 0.8 * length2 * last2) this.#disc(x0, y0);
    if (length2 === 0) return;
    // Runs along the longer axis; across it, only the few pixels near the line are looked at. Clipped to the layer, so an
    // artefact of many volts costs no more than a page. Everything in locals: this is the viewer's innermost work.
    const width = this.#width;
    const pixels = this.#pixels;
    const rgb = this.#rgb;
    const reach = this.#half + 0.5;
    const steep = Math.abs(dy) > Math.abs(dx);
    const slope = steep ? dx / dy : dy / dx;
    const cosine = 1 / Math.sqrt(1 + slope * slope);
    const side = reach / cosine;
    const run0 = steep ? y0 : x0;
    const across0 = steep ? x0 : y0;
    const low = steep ? Math.min(y0, y1) : Math.min(x0, x1);
    const high = steep ? Math.max(y0, y1) : Math.max(x0, x1);
    const runFrom = Math.max(steep ? 0 : this.#from, Math.ceil(low - 1));
    const runTo = Math.min(steep ? this.#height - 1 : this.#to - 1, Math.floor(high));
    const acrossMin = steep ? this.#from : 0;
    const acrossMax = steep ? this.#to - 1 : this.#height - 1;
    const runStride = steep ? width : 1;
    const acrossStride = steep ? 1 : width;
    for (let run = runFrom; run <= runTo; run++) {
      const at = Math.min(Math.max(run + 0.5, low), high);
      const centre = across0 + (at - run0) * slope;
      const from = Math.max(acrossMin, Math.floor(centre - side));
      const to = Math.min(acrossMax, Math.floor(centre + side));
      let index = run * runStride + from * acrossStride;
      for (let across = from; across <= to; across++, index += acrossStride) {
        const c = reach - Math.abs(across + 0.5 - centre) * cosine;
        if (c <= 0) continue;
        const alpha = c >= 1 ? 255 : (c * 255 + 0.5) | 0;
        if (alpha > (pixels[index] as number) >>> 24) pixels[index] = rgb | (alpha << 24);
      }
    }
  }

  #disc(x: number, y: number): void {
    const reach = this.#half + 0.5;
    const left = Math.max(this.#from, Math.floor(x - reach));
    const right = Math.min(this.#to - 1, Math.floor(x + reach));
    const top = Math.max(0, Math.floor(y - reach));
    const bottom = Math.min(this.#height - 1, Math.floor(y + reach));
    for (let py = top; py <= bottom; py++) {
      for (let px = left; px <= right; px++) {
        const ex = px + 0.5 - x;
        const ey = py + 0.5 - y;
        const c = reach - Math.sqrt(ex * ex + ey * ey);
        if (c <= 0) continue;
        const alpha = c >= 1 ? 255 : (c * 255 + 0.5) | 0;
        const index = py * this.#width + px;
        if (alpha > (this.#pixels[index] as number) >>> 24) this.#pixels[index] = this.#rgb | (alpha << 24);
      }
    }
  }
}

/** `#rrggbb` to the low three bytes of a little-endian RGBA pixel. */
export function packColour(colour: string): number {
  const value = Number.parseInt(colour.slice(1), 16);
  return ((value & 0xff) << 16) | (value & 0xff00) | ((value >> 16) & 0xff);
}

/** The same pen on a canvas path, for small areas drawn over something else (the magnifier). */
export class PathPen implements Pen {
  readonly #ctx: CanvasRenderingContext2D;
  #open = false;
  #down = false;

  constructor(ctx: CanvasRenderingContext2D, colour: string, lineWidth: number) {
    this.#ctx = ctx;
    ctx.strokeStyle = colour;
    ctx.lineWidth = lineWidth;
    ctx.lineJoin = "round";
  }

  strip(fromX: number, toX: number): void {
    this.#ctx.save();
    this.#ctx.beginPath();
    this.#ctx.rect(fromX, 0, toX - fromX, this.#ctx.canvas.height);
    this.#ctx.clip();
    this.#ctx.beginPath();
    this.#open = true;
    this.#down = false;
  }

  to(x: number, y: number): void {
    if (this.#down) this.#ctx.lineTo(x, y);
    else this.#ctx.moveTo(x, y);
    this.#down = true;
  }

  lift(): void {
    this.#down = false;
  }

  flush(): void {
    if (!this.#open) return;
    this.#ctx.stroke();
    this.#ctx.restore();
    this.#open = false;
  }
}
