/** Small helpers for building DOM without a framework. */

type Props = Record<string, string | boolean | ((event: Event) => void) | undefined>;

/** Attributes by name; `on…` functions become listeners; `text` is the text content; `true` is an empty attribute. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (name === "text") node.textContent = String(value);
    else if (value === true) node.setAttribute(name, "");
    else if (typeof value === "string") node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** A 16×16 line icon from path data. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const p = document.createElementNS(SVG, "path");
  p.setAttribute("d", path);
  p.setAttribute("fill", "none");
  p.setAttribute("stroke", "currentColor");
  p.setAttribute("stroke-width", "1.4");
  p.setAttribute("stroke-linecap", "round");
  p.setAttribute("stroke-linejoin", "round");
  svg.append(p);
  return svg;
}

export const ICONS = {
  caliper: "M4 1.5v13M12 1.5v13M4 5.5h8M6 3.8 4 5.5l2 1.7M10 3.8l2 1.7-2 1.7",
  march: "M2 3v10M5.9 3v10M10 3v10M14 3v10",
  magnifier: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.4 10.4 14 14",
  median: "M1.5 10h2c.8 0 1-1.5 1.6-1.5S6 10 6.6 10L7.5 2l1.3 11.5.9-3.5c1 0 1.2-2.5 2.2-2.5S13 10 14.5 10",
  beats: "M3 2v4M8 2v4M13 2v4M1.5 12h2l1-2.5L6 14l1.2-2h7.3",
  fit: "M2 6V2h4M14 6V2h-4M2 10v4h4M14 10v4h-4",
  calibrate: "M1.5 5.5h13v5h-13zM4 5.5v2M6.5 5.5V8M9 5.5v2M11.5 5.5V8",
  help: "M6 6a2 2 0 1 1 2.8 1.8c-.6.3-.8.7-.8 1.4M8 11.6v.1M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13z",
  theme: "M8 14.5a6.5 6.5 0 1 0 0-13v13zM8 1.5v13",
  filter: "M1.5 3h13L9.5 8.8V13l-3 1.5V8.8z",
} as const;
