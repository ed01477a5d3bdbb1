/**
 * Pointer, wheel and keyboard, turned into the few things a viewer can do. One finger or the mouse drags the paper, or
 * works the caliper, the magnifier or a fiducial line; two fingers change gain (apart vertically) or speed (horizontally).
 */
import type { CaliperHandle } from "./caliper";
import type { FiducialName } from "./model";
import type { ViewSettings } from "./settings";

export interface InputHost {
  readonly settings: ViewSettings;
  /** Moves the content by CSS pixels; true when anything moved. */
  pan(dx: number, dy: number): boolean;
  /** Goes on moving with this speed (CSS px per ms). */
  fling(velocity: number): void;
  tap(): void;
  hover(x: number, y: number, touch: boolean): void;
  leave(): void;
  caliperHit(x: number, y: number, tolerancePx: number): CaliperHandle | null;
  caliperStart(x: number, y: number): void;
  caliperDrag(handle: CaliperHandle, fromX: number, fromY: number, x: number, y: number): void;
  caliperEnd(): void;
  fiducialHit(x: number, y: number, tolerancePx: number): FiducialName | null;
  fiducialSelect(name: FiducialName | null): void;
  fiducialDrag(name: FiducialName, x: number): void;
  stepSpeed(direction: 1 | -1): void;
  stepGain(direction: 1 | -1): void;
}

type Gesture =
  | { kind: "pan"; velocity: number; at: number; moved: number }
  | { kind: "caliper"; handle: CaliperHandle }
  | { kind: "magnifier" }
  | { kind: "fiducial"; name: FiducialName }
  | { kind: "pinch"; spreadX: number; spreadY: number };

const MOUSE_TOLERANCE_PX = 7;
const TOUCH_TOLERANCE_PX = 22;
const PINCH_RATIO = 1.45;

export class StageInput {
  readonly #stage: HTMLElement;
  readonly #host: InputHost;
  readonly #pointers = new Map<number, { x: number; y: number }>();
  #gesture: Gesture | null = null;

  constructor(stage: HTMLElement, host: InputHost) {
    this.#stage = stage;
    this.#host = host;
    stage.addEventListener("pointerdown", (event) => this.#down(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    stage.addEventListener("pointerup", (event) => this.#up(event));
    stage.addEventListener("pointercancel", (event) => this.#up(event));
    stage.addEventListener("pointerleave", () => host.leave());
    stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  #at(event: PointerEvent): { x: number; y: number } {
    const box = this.#stage.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 || (event.target as Element).closest("button")) return;
    const at = this.#at(event);
    this.#pointers.set(event.pointerId, at);
    this.#stage.setPointerCapture(event.pointerId);
    this.#host.fling(0);
    if (this.#pointers.size === 2) {
      const [a, b] = [...this.#pointers.values()];
      if (a && b) this.#gesture = { kind: "pinch", spreadX: Math.abs(a.x - b.x), spreadY: Math.abs(a.y - b.y) };
      return;
    }
    if (this.#pointers.size > 2) return;
    const touch = event.pointerType === "touch";
    this.#gesture = this.#begin(at.x, at.y, touch ? TOUCH_TOLERANCE_PX : MOUSE_TOLERANCE_PX, touch, event.timeStamp);
    if (this.#gesture.kind === "pan") this.#stage.classList.add("ecgv-dragging");
  }

  #begin(x: number, y: number, tolerance: number, touch: boolean, at: number): Gesture {
    const { settings } = this.#host;
    if (settings.mode === "median") {
      const name = this.#host.fiducialHit(x, y, tolerance);
      this.#host.fiducialSelect(name);
      if (name) return { kind: "fiducial", name };
      return { kind: "pan", velocity: 0, at, moved: 0 };
    }
    const handle = this.#host.caliperHit(x, y, tolerance);
    if (handle && (handle !== "both" || settings.tool === "caliper")) return { kind: "caliper", handle };
    if (settings.tool === "caliper") {
      this.#host.caliperStart(x, y);
      return { kind: "caliper", handle: "b" };
    }
    if (settings.tool === "magnifier") {
      this.#host.hover(x, y, touch);
      return { kind: "magnifier" };
    }
    return { kind: "pan", velocity: 0, at, moved: 0 };
  }

  #move(event: PointerEvent): void {
    const at = this.#at(event);
    const before = this.#pointers.get(event.pointerId);
    if (!before || !this.#gesture) {
      if (event.pointerType !== "touch") this.#host.hover(at.x, at.y, false);
      return;
    }
    this.#pointers.set(event.pointerId, at);
    const gesture = this.#gesture;
    switch (gesture.kind) {
      case "pan": {
        const dx = before.x - at.x;
        this.#host.pan(dx, before.y - at.y);
        const dt = Math.max(1, event.timeStamp - gesture.at);
        gesture.velocity = 0.7 * gesture.velocity + 0.3 * (dx / dt);
        gesture.at = event.timeStamp;
        gesture.moved += Math.abs(dx) + Math.abs(before.y - at.y);
        break;
      }
      case "caliper":
        this.#host.caliperDrag(gesture.handle, before.x, before.y, at.x, at.y);
        break;
      case "magnifier":
        this.#host.hover(at.x, at.y, event.pointerType === "touch");
        break;
      case "fiducial":
        this.#host.fiducialDrag(gesture.name, at.x);
        break;
      case "pinch":
        this.#pinch(gesture);
    }
  }

  /** Steps when the fingers have spread or closed by the ratio along the axis that changed more. */
  #pinch(gesture: { spreadX: number; spreadY: number }): void {
    const [a, b] = [...this.#pointers.values()];
    if (!a || !b) return;
    const x = Math.max(24, Math.abs(a.x - b.x)) / Math.max(24, gesture.spreadX);
    const y = Math.max(24, Math.abs(a.y - b.y)) / Math.max(24, gesture.spreadY);
    const horizontal = Math.abs(Math.log(x)) > Math.abs(Math.log(y));
    const ratio = horizontal ? x : y;
    if (ratio < PINCH_RATIO && ratio > 1 / PINCH_RATIO) return;
    if (horizontal) this.#host.stepSpeed(ratio > 1 ? 1 : -1);
    else this.#host.stepGain(ratio > 1 ? 1 : -1);
    gesture.spreadX = Math.abs(a.x - b.x);
    gesture.spreadY = Math.abs(a.y - b.y);
  }

  #up(event: PointerEvent): void {
    if (!this.#pointers.delete(event.pointerId)) return;
    const gesture = this.#gesture;
    if (this.#pointers.size > 0) {
      // After a pinch the remaining finger does nothing until it is lifted too.
      if (gesture?.kind !== "pinch") this.#gesture = null;
      return;
    }
    this.#gesture = null;
    this.#stage.classList.remove("ecgv-dragging");
    if (gesture?.kind === "caliper") this.#host.caliperEnd();
    if (gesture?.kind === "magnifier" && event.pointerType === "touch") this.#host.leave();
    if (gesture?.kind === "pan") {
      if (gesture.moved < 4) this.#host.tap();
      else if (event.timeStamp - gesture.at < 60) this.#host.fling(gesture.velocity);
    }
  }

  #wheel(event: WheelEvent): void {
    if (this.#host.settings.mode === "median") return;
    if (event.ctrlKey) {
      event.preventDefault();
      if (Math.abs(event.deltaY) >= 4) this.#host.stepGain(event.deltaY < 0 ? 1 : -1);
      return;
    }
    const unit = event.deltaMode === 1 ? 24 : event.deltaMode === 2 ? 400 : 1;
    const dx = (event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX) * unit;
    const dy = event.shiftKey ? 0 : event.deltaY * unit;
    // A plain wheel moves the page down while it can, else along the time; at the end the surrounding page scrolls.
    const moved = this.#host.pan(dx, dy) || (dx === 0 && this.#host.pan(dy, 0));
    if (moved) event.preventDefault();
  }
}

export interface KeyHost {
  readonly settings: ViewSettings;
  update(change: Partial<ViewSettings>): void;
  stepGain(direction: 1 | -1): void;
  nextLayout(): void;
  nextFilter(): void;
  /** Keyboard scrolling: −1 or 1, small steps or a page. */
  scroll(direction: 1 | -1, page: boolean): void;
  scrollVertically(direction: 1 | -1): void;
  toEnd(end: boolean): void;
  escape(): boolean;
  nudgeFiducial(samples: number): boolean;
  cycleFiducial(direction: 1 | -1): void;
  readonly hasMedian: boolean;
}

/** Handles one key; true when it was used. Keys with Ctrl, Alt or Meta, and keys typed into fields, are left alone. */
export function handleKey(event: KeyboardEvent, host: KeyHost): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  const { settings } = host;
  const median = settings.mode === "median";
  switch (event.key) {
    case "1":
      host.update({ speedMmS: 12.5 });
      return true;
    case "2":
      host.update({ speedMmS: 25 });
      return true;
    case "3":
      host.update({ speedMmS: 50 });
      return true;
    case "+":
    case "=":
      host.stepGain(1);
      return true;
    case "-":
    case "_":
      host.stepGain(-1);
      return true;
    case "ArrowLeft":
      if (median) return host.nudgeFiducial(event.shiftKey ? -5 : -1);
      host.scroll(-1, event.shiftKey);
      return true;
    case "ArrowRight":
      if (median) return host.nudgeFiducial(event.shiftKey ? 5 : 1);
      host.scroll(1, event.shiftKey);
      return true;
    case "PageUp":
      host.scroll(-1, true);
      return true;
    case "PageDown":
      host.scroll(1, true);
      return true;
    case "ArrowUp":
    case "ArrowDown": {
      const direction = event.key === "ArrowDown" ? 1 : -1;
      if (median) host.cycleFiducial(direction);
      else host.scrollVertically(direction);
      return true;
    }
    case "Home":
    case "End":
      host.toEnd(event.key === "End");
      return true;
    case "Escape":
      return host.escape();
  }
  switch (event.key.toLowerCase()) {
    case "l":
      host.nextLayout();
      return true;
    case "f":
      host.nextFilter();
      return true;
    case "c":
      host.update({ tool: settings.tool === "caliper" ? "none" : "caliper", mode: "waves" });
      return true;
    case "r":
      host.update({ march: !settings.march });
      return true;
    case "m":
      host.update({ tool: settings.tool === "magnifier" ? "none" : "magnifier", mode: "waves" });
      return true;
    case "b":
      host.update({ beats: !settings.beats });
      return true;
    case "a":
      if (host.hasMedian) host.update({ mode: median ? "waves" : "median", tool: "none" });
      return true;
    case "z":
      host.update({ zoom: settings.zoom === "fit" ? "true" : "fit" });
      return true;
  }
  return false;
}
