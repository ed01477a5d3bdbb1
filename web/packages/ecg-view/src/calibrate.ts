/** The calibration dialog, and where its value is kept. The value belongs to the screen, not to the account. */
import { el } from "./dom";
import { CARD_HEIGHT_MM, CARD_WIDTH_MM, isPlausiblePxPerMm, pxPerMmFromObject, pxPerMmFromScreen } from "./geometry";
import type { Labels } from "./labels";

const KEY = "tianmu.ecg_view.px_per_mm";

/** The stored calibration, or null; storage that is absent, blocked or holds nonsense counts as null. */
export function loadPxPerMm(storage: Pick<Storage, "getItem"> | null): number | null {
  try {
    const value = Number(storage?.getItem(KEY) ?? Number.NaN);
    return isPlausiblePxPerMm(value) ? value : null;
  } catch {
    return null;
  }
}

export function savePxPerMm(storage: Pick<Storage, "setItem" | "removeItem"> | null, value: number | null): void {
  try {
    if (value === null) storage?.removeItem(KEY);
    else storage?.setItem(KEY, String(value));
  } catch {
    // A blocked storage only means that the calibration lasts as long as the page.
  }
}

/** Opens the dialog inside `host`; `onApply` gets the new value, or null for the browser's assumption of 96 dpi. */
export function openCalibration(
  host: HTMLElement,
  current: number,
  labels: Labels,
  onApply: (pxPerMm: number | null) => void,
): void {
  let value = current;
  const card = el("div", { class: "ecgv-card", "aria-hidden": "true" });
  const slider = el("input", { type: "range", min: "2", max: "9", step: "0.01", "aria-label": labels.calibrateValue });
  const number = el("input", {
    type: "number",
    min: "2",
    max: "12",
    step: "0.001",
    "aria-label": labels.calibrateValue,
  });
  const screenMm = el("input", {
    type: "number",
    min: "50",
    max: "2000",
    step: "1",
    "aria-label": labels.calibrateScreen,
  });
  const wrong = el("div", { class: "ecgv-wrong", role: "alert" });
  const show = (from?: HTMLInputElement) => {
    card.style.width = `${CARD_WIDTH_MM * value}px`;
    card.style.height = `${CARD_HEIGHT_MM * value}px`;
    if (from !== slider) slider.value = String(value);
    if (from !== number) number.value = value.toFixed(3);
    wrong.textContent = isPlausiblePxPerMm(value) ? "" : labels.calibrateWrong;
  };
  slider.addEventListener("input", () => {
    value = pxPerMmFromObject(Number(slider.value) * CARD_WIDTH_MM);
    show(slider);
  });
  number.addEventListener("input", () => {
    value = Number(number.value);
    if (value > 0) show(number);
  });
  screenMm.addEventListener("input", () => {
    const mm = Number(screenMm.value);
    if (!(mm > 0)) return;
    value = pxPerMmFromScreen(window.screen.width, mm);
    show();
  });
  const dialog = el("dialog", { class: "ecgv-dialog", "aria-label": labels.calibrateTitle });
  const finish = (result: number | null | undefined) => {
    dialog.close();
    if (result !== undefined) onApply(result);
  };
  dialog.append(
    el("h3", { text: labels.calibrateTitle }),
    el("p", { text: labels.calibrateText }),
    el("div", { class: "ecgv-cardbox" }, card),
    slider,
    el("label", { class: "ecgv-line" }, labels.calibrateScreen, screenMm),
    el("label", { class: "ecgv-line" }, labels.calibrateValue, number),
    wrong,
    el(
      "div",
      { class: "ecgv-line" },
      el("button", { type: "button", class: "ecgv-btn", text: labels.restore, onclick: () => finish(null) }),
      el(
        "span",
        {},
        el("button", { type: "button", class: "ecgv-btn", text: labels.cancel, onclick: () => finish(undefined) }),
        " ",
        el("button", {
          type: "button",
          class: "ecgv-btn ecgv-primary",
          text: labels.apply,
          onclick: () => {
            if (isPlausiblePxPerMm(value)) finish(value);
            else wrong.textContent = labels.calibrateWrong;
          },
        }),
      ),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  host.append(dialog);
  show();
  slider.value = String(value);
  dialog.showModal();
}
