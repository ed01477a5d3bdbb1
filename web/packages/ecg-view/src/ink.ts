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
    this.#down = false;
  }

  to(x: number, y: number): void {
    if (this.#down) this.#segment(this.#x, this.#y, x, y);
    this.#x = x;
    this.#y = y;
    this.#down = true;
  }

  lift(): void {
    this.#down = false;
  }

  flush(): void {
    this.#down = false;
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
    // Everything in locals: this is the innermost work of the viewer.
    const reach = this.#half + 0.5;
    const width = this.#width;
    const pixels = this.#pixels;
    const rgb = this.#rgb;
    const stripFrom = this.#from;
    const stripTo = this.#to - 1;
    const lastRow = this.#height - 1;
    const lowX = Math.min(x0, x1);
    const highX = Math.max(x0, x1);
    const lowY = Math.min(y0, y1);
    const highY = Math.max(y0, y1);
    if (highY < -reach || lowY > lastRow + 1 + reach || highX < stripFrom - reach || lowX > stripTo + 1 + reach) return;
    const dx = x1 - x0;
    const dy = y1 - y0;
    const length2 = dx * dx + dy * dy;
    const perLength2 = length2 > 0 ? 1 / length2 : 0;
    // Runs along the longer axis; across it only the few pixels near the line are looked at. Clipped to the layer, so an
    // artefact of many volts costs no more than a page.
    const steep = Math.abs(dy) > Math.abs(dx);
    const slope = steep ? dx / dy : dx === 0 ? 0 : dy / dx;
    const side = reach * Math.sqrt(1 + slope * slope);
    const runFrom = steep ? Math.max(0, Math.floor(lowY - reach)) : Math.max(stripFrom, Math.floor(lowX - reach));
    const runTo = steep ? Math.min(lastRow, Math.floor(highY + reach)) : Math.min(stripTo, Math.floor(highX + reach));
    const runLow = steep ? lowY : lowX;
    const runHigh = steep ? highY : highX;
    const acrossMin = steep ? stripFrom : 0;
    const acrossMax = steep ? stripTo : lastRow;
    for (let run = runFrom; run <= runTo; run++) {
      const at = Math.min(Math.max(run + 0.5, runLow), runHigh);
      const centre = steep ? x0 + (at - y0) * slope : y0 + (at - x0) * slope;
      const from = Math.max(acrossMin, Math.floor(centre - side));
      const to = Math.min(acrossMax, Math.floor(centre + side));
      for (let across = from; across <= to; across++) {
        const px = steep ? across : run;
        const py = steep ? run : across;
        const rx = px + 0.5 - x0;
        const ry = py + 0.5 - y0;
        const t = Math.min(Math.max((rx * dx + ry * dy) * perLength2, 0), 1);
        const ex = rx - t * dx;
        const ey = ry - t * dy;
        const c = reach - Math.sqrt(ex * ex + ey * ey);
        if (c <= 0) continue;
        const alpha = c >= 1 ? 255 : (c * 255 + 0.5) | 0;
        const index = py * width + px;
        if (alpha > (pixels[index] as number) >>> 24) pixels[index] = rgb | (alpha << 24);
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
