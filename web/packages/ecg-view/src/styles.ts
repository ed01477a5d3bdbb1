/** The viewer's style sheet, attached once per document as a constructed sheet (no inline style element where possible). */

const CSS = `
.ecgv { --ecgv-accent: #1257c7; --ecgv-line: #dde2e8; --ecgv-bar: #ffffff; --ecgv-text: #243040; --ecgv-soft: #66727f; --ecgv-hover: #eef3fb; --ecgv-tint: rgba(18, 87, 199, 0.1); --ecgv-tint-line: rgba(18, 87, 199, 0.35); --ecgv-veil: rgba(255, 255, 255, 0.92);
  display: flex; flex-direction: column; position: relative; width: 100%; height: 100%; min-height: 220px; overflow: hidden; box-sizing: border-box;
  background: var(--ecgv-bar); color: var(--ecgv-text); font: 13px/1.4 system-ui, -apple-system, "Segoe UI", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
.ecgv[data-theme="dark"] { --ecgv-accent: #5fb2ff; --ecgv-line: #26323d; --ecgv-bar: #131a21; --ecgv-text: #dce6ee; --ecgv-soft: #8d9baa; --ecgv-hover: #1f2a34; --ecgv-tint: rgba(95, 178, 255, 0.14); --ecgv-tint-line: rgba(95, 178, 255, 0.4); --ecgv-veil: rgba(19, 26, 33, 0.92); }
.ecgv[data-theme="mono"] { --ecgv-accent: #000000; }
.ecgv { container-type: inline-size; }
.ecgv [hidden] { display: none !important; }
.ecgv *, .ecgv *::before, .ecgv *::after { box-sizing: border-box; }
.ecgv-bar { display: flex; align-items: center; flex-wrap: wrap; gap: 4px; padding: 5px 8px; border-bottom: 1px solid var(--ecgv-line); flex: none; }
.ecgv-sep { width: 1px; height: 20px; background: var(--ecgv-line); flex: none; }
.ecgv-btn, .ecgv-select { height: 28px; border: 1px solid transparent; border-radius: 6px; background: transparent; color: inherit; font: inherit; white-space: nowrap; cursor: pointer; }
.ecgv-btn { display: inline-flex; align-items: center; gap: 4px; padding: 0 6px; }
.ecgv-btn svg { width: 16px; height: 16px; flex: none; }
.ecgv-btn:hover, .ecgv-select:hover { background: var(--ecgv-hover); }
.ecgv-btn[aria-pressed="true"], .ecgv-btn[aria-expanded="true"] { background: var(--ecgv-tint); color: var(--ecgv-accent); border-color: var(--ecgv-tint-line); }
.ecgv[data-theme="mono"] .ecgv-btn[aria-pressed="true"] { background: #000; color: #fff; }
.ecgv-btn:disabled { opacity: 0.4; cursor: default; background: none; }
.ecgv-btn:focus-visible, .ecgv-select:focus-visible, .ecgv-stage:focus-visible, .ecgv-overview:focus-visible { outline: 2px solid var(--ecgv-accent); outline-offset: -2px; }
.ecgv-field { display: inline-flex; align-items: center; gap: 2px; color: var(--ecgv-soft); white-space: nowrap; }
.ecgv-select { padding: 0 4px; border-color: var(--ecgv-line); color: var(--ecgv-text); background: var(--ecgv-bar); }
.ecgv-stage { position: relative; flex: 1 1 auto; min-height: 120px; overflow: hidden; outline: none; cursor: grab; user-select: none; -webkit-user-select: none; -webkit-touch-callout: none; }
.ecgv-stage.ecgv-dragging { cursor: grabbing; }
.ecgv-stage[data-tool="caliper"], .ecgv-stage[data-tool="magnifier"] { cursor: crosshair; }
.ecgv-stage canvas { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
.ecgv-footer { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 16px; padding: 3px 10px 4px; border-top: 1px solid var(--ecgv-line); font-size: 12px; font-variant-numeric: tabular-nums; flex: none; }
.ecgv-footer b { font-weight: 600; }
.ecgv-footer span { color: var(--ecgv-soft); }
.ecgv-overview { height: 40px; flex: none; border-top: 1px solid var(--ecgv-line); cursor: pointer; touch-action: none; outline: none; position: relative; }
.ecgv-overview canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.ecgv-readout { position: absolute; left: 0; right: 0; bottom: 0; display: flex; flex-wrap: wrap; align-items: center; gap: 2px 14px; padding: 5px 10px; background: var(--ecgv-veil); border-top: 1px solid var(--ecgv-line); font-variant-numeric: tabular-nums; cursor: default; }
.ecgv-readout i { font-style: normal; color: var(--ecgv-soft); margin-right: 4px; }
.ecgv-readout b { font-weight: 600; }
.ecgv-readout b.ecgv-edited { color: var(--ecgv-accent); }
.ecgv-pop { position: absolute; z-index: 5; min-width: 200px; padding: 10px 12px; border: 1px solid var(--ecgv-line); border-radius: 8px; background: var(--ecgv-bar); box-shadow: 0 8px 28px rgba(15, 23, 42, 0.18); max-width: calc(100% - 16px); }
.ecgv-pop h3 { margin: 0 0 8px; font-size: 13px; font-weight: 600; }
.ecgv-pop p { margin: 0 0 10px; color: var(--ecgv-soft); }
.ecgv-pop .ecgv-line { display: flex; align-items: center; justify-content: space-between; gap: 12px; margin: 6px 0; }
.ecgv-keys { display: grid; grid-template-columns: auto 1fr; gap: 3px 14px; margin: 0; }
.ecgv-keys dt { font-weight: 600; white-space: nowrap; }
.ecgv-keys dd { margin: 0; color: var(--ecgv-soft); }
.ecgv-dialog { width: min(460px, calc(100vw - 24px)); border: 0; border-radius: 10px; padding: 18px 20px; color: var(--ecgv-text); background: var(--ecgv-bar); box-shadow: 0 20px 60px rgba(15, 23, 42, 0.35); }
.ecgv-dialog::backdrop { background: rgba(15, 23, 42, 0.4); }
.ecgv-dialog h3 { margin: 0 0 6px; font-size: 15px; }
.ecgv-dialog p { margin: 0 0 10px; color: var(--ecgv-soft); }
.ecgv-card { margin: 6px auto; border: 2px solid var(--ecgv-accent); border-radius: 10px; background: repeating-linear-gradient(45deg, transparent 0 10px, var(--ecgv-hover) 10px 20px); max-width: none; }
.ecgv-cardbox { overflow: auto; padding: 2px; }
.ecgv-dialog input[type="range"] { width: 100%; }
.ecgv-dialog input[type="number"] { width: 92px; height: 28px; border: 1px solid var(--ecgv-line); border-radius: 6px; padding: 0 6px; font: inherit; background: var(--ecgv-bar); color: inherit; }
.ecgv-dialog .ecgv-line { display: flex; justify-content: space-between; align-items: center; gap: 10px; margin: 8px 0; }
.ecgv-dialog .ecgv-wrong { color: #b91c1c; min-height: 18px; }
.ecgv-primary { background: var(--ecgv-accent); color: #fff; }
.ecgv-primary:hover { background: var(--ecgv-accent); filter: brightness(1.08); }
.ecgv-narrow .ecgv-bar { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; -webkit-overflow-scrolling: touch; padding: 6px 8px; }
.ecgv-narrow .ecgv-bar::-webkit-scrollbar { display: none; }
.ecgv-narrow .ecgv-btn, .ecgv-narrow .ecgv-select { height: 36px; flex: none; }
.ecgv-narrow .ecgv-field { flex: none; }
.ecgv-narrow .ecgv-footer { font-size: 11px; padding: 3px 8px; }
.ecgv-select { max-width: 138px; }
.ecgv-narrow .ecgv-footer b[aria-live] { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@container (max-width: 1560px) { .ecgv-field > span { display: none; } }
@container (max-width: 1400px) { .ecgv-btn.ecgv-minor > span { display: none; } }
@container (max-width: 1120px) and (min-width: 641px) { .ecgv-btn:has(svg) > span { display: none; } }
`;

const attached = new WeakSet<Document>();

export function attachStyles(doc: Document): void {
  if (attached.has(doc)) return;
  attached.add(doc);
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    doc.adoptedStyleSheets = [...doc.adoptedStyleSheets, sheet];
  } catch {
    // Browsers before 2023 have no constructed sheets.
    const style = doc.createElement("style");
    style.textContent = CSS;
    doc.head.append(style);
  }
}
