/** The optional toolbar: native selects and pressed-state buttons, so that screen readers and phones work as they are. */
import { el, ICONS, icon } from "./dom";
import {
  FILTERS_DIAGNOSTIC,
  FILTERS_OFF,
  FILTERS_QUIET,
  FILTERS_ROUTINE,
  type FilterSettings,
  type HighPassHz,
  type LowPassHz,
} from "./filter";
import { GAINS_MM_MV, type GainMmMv, SPEEDS_MM_S, type SpeedMmS } from "./geometry";
import type { Labels } from "./labels";
import { LAYOUT_IDS, type LayoutId } from "./layout";
import { sameFilters, type ViewSettings } from "./settings";
import { THEME_IDS, type ThemeId } from "./theme";

export interface ToolbarHost {
  readonly root: HTMLElement;
  readonly settings: ViewSettings;
  readonly leads: readonly string[];
  readonly standardLeads: boolean;
  readonly hasMedian: boolean;
  readonly hasBeats: boolean;
  readonly labels: Labels;
  update(change: Partial<ViewSettings>): void;
  calibrate(): void;
}

export class Toolbar {
  readonly element: HTMLElement;
  readonly #host: ToolbarHost;
  #refreshers: (() => void)[] = [];
  #pop: HTMLElement | null = null;
  #closePop: (() => void) | null = null;

  constructor(host: ToolbarHost) {
    this.#host = host;
    this.element = el("div", { class: "ecgv-bar", role: "toolbar" });
    this.rebuild();
  }

  /** Builds everything anew: other language, other recording. */
  rebuild(): void {
    const { labels } = this.#host;
    this.closePopover();
    this.#refreshers = [];
    this.element.setAttribute("aria-label", labels.toolbar);
    const set = (change: Partial<ViewSettings>) => this.#host.update(change);
    const layouts: [string, string][] = this.#host.standardLeads
      ? LAYOUT_IDS.map((id) => [id, id.replace("x", "×")])
      : [["12x1", labels.layoutAll]];
    const standard = this.#host.standardLeads;
    this.element.replaceChildren(
      this.#select(
        labels.layout,
        layouts,
        () => (standard ? this.#host.settings.layout : "12x1"),
        (v) => set({ layout: v as LayoutId }),
      ),
      ...(standard
        ? [
            this.#select(
              labels.rhythm,
              this.#host.leads.map((lead) => [lead, lead]),
              () => this.#host.settings.rhythmLead,
              (v) => set({ rhythmLead: v }),
              () => this.#host.settings.layout.startsWith("3x4"),
            ),
            this.#toggle(
              labels.cabrera,
              null,
              labels.cabreraHint,
              () => this.#host.settings.cabrera,
              (on) => set({ cabrera: on }),
            ),
          ]
        : []),
      separator(),
      this.#select(
        labels.speed,
        SPEEDS_MM_S.map((v) => [String(v), `${v} mm/s`]),
        () => String(this.#host.settings.speedMmS),
        (v) => set({ speedMmS: Number(v) as SpeedMmS }),
      ),
      this.#select(
        labels.gain,
        GAINS_MM_MV.map((v) => [String(v), `${v} mm/mV`]),
        () => String(this.#host.settings.gainMmMv),
        (v) => set({ gainMmMv: Number(v) as GainMmMv }),
      ),
      this.#select(
        labels.filter,
        this.#filterChoices(),
        () => this.#filterChoice(),
        (v) => this.#chooseFilter(v),
      ),
      this.#popButton(labels.filter, ICONS.filter, labels.filterHint, () => this.#filterForm(), true),
      separator(),
      this.#toggle(
        labels.caliper,
        ICONS.caliper,
        `${labels.caliper} (C)`,
        () => this.#host.settings.tool === "caliper",
        (on) => set({ tool: on ? "caliper" : "none", mode: "waves" }),
      ),
      this.#toggle(
        labels.march,
        ICONS.march,
        `${labels.marchHint} (R)`,
        () => this.#host.settings.march,
        (on) => set({ march: on }),
      ),
      this.#toggle(
        labels.magnifier,
        ICONS.magnifier,
        `${labels.magnifier} (M)`,
        () => this.#host.settings.tool === "magnifier",
        (on) => set({ tool: on ? "magnifier" : "none", mode: "waves" }),
      ),
      this.#toggle(
        labels.median,
        ICONS.median,
        `${labels.median} (A)`,
        () => this.#host.settings.mode === "median",
        (on) => set({ mode: on ? "median" : "waves", tool: "none" }),
        () => this.#host.hasMedian,
      ),
      this.#toggle(
        labels.beats,
        ICONS.beats,
        `${labels.beatsHint} (B)`,
        () => this.#host.settings.beats,
        (on) => set({ beats: on }),
        () => this.#host.hasBeats,
      ),
      separator(),
      this.#toggle(
        labels.fit,
        ICONS.fit,
        `${labels.zoomHint} (Z)`,
        () => this.#host.settings.zoom === "fit",
        (on) => set({ zoom: on ? "fit" : "true" }),
      ),
      this.#button(labels.calibrate, ICONS.calibrate, labels.calibrateTitle, () => this.#host.calibrate()),
      this.#select(
        labels.theme,
        THEME_IDS.map((id) => [
          id,
          id === "paper" ? labels.themePaper : id === "dark" ? labels.themeDark : labels.themeMono,
        ]),
        () => this.#host.settings.theme,
        (v) => set({ theme: v as ThemeId }),
      ),
      this.#popButton(labels.help, ICONS.help, labels.help, () => this.#helpList(), true),
    );
    this.refresh();
  }

  /** Brings every control in line with the settings. */
  refresh(): void {
    for (const refresh of this.#refreshers) refresh();
  }

  closePopover(): boolean {
    if (!this.#pop) return false;
    this.#closePop?.();
    return true;
  }

  #select(
    label: string,
    options: [string, string][],
    read: () => string,
    choose: (value: string) => void,
    shown?: () => boolean,
  ): HTMLElement {
    const select = el("select", { class: "ecgv-select", "aria-label": label, title: label });
    for (const [value, text] of options) select.append(el("option", { value, text }));
    select.addEventListener("change", () => {
      choose(select.value);
      this.refresh();
    });
    const field = el("label", { class: "ecgv-field" }, el("span", { text: `${label} ` }), select);
    this.#refreshers.push(() => {
      select.value = read();
      field.hidden = shown ? !shown() : false;
    });
    return field;
  }

  #toggle(
    text: string,
    path: string | null,
    title: string,
    read: () => boolean,
    choose: (on: boolean) => void,
    enabled?: () => boolean,
  ): HTMLElement {
    const button = el("button", { type: "button", class: "ecgv-btn", title, "aria-label": text });
    if (path) button.append(icon(path));
    button.append(el("span", { text }));
    button.addEventListener("click", () => choose(!read()));
    this.#refreshers.push(() => {
      button.setAttribute("aria-pressed", String(read()));
      button.disabled = enabled ? !enabled() : false;
    });
    return button;
  }

  #button(text: string, path: string, title: string, press: () => void): HTMLElement {
    const button = el("button", {
      type: "button",
      class: "ecgv-btn ecgv-minor",
      title,
      "aria-label": text,
      onclick: press,
    });
    button.append(icon(path), el("span", { text }));
    return button;
  }

  #popButton(text: string, path: string, title: string, content: () => HTMLElement, iconOnly: boolean): HTMLElement {
    const button = el("button", {
      type: "button",
      class: "ecgv-btn",
      title,
      "aria-label": `${text}…`,
      "aria-expanded": "false",
      "aria-haspopup": "dialog",
    });
    button.append(icon(path));
    if (!iconOnly) button.append(el("span", { text }));
    button.addEventListener("click", () => {
      const mine = button.getAttribute("aria-expanded") === "true";
      this.closePopover();
      if (!mine) this.#openPopover(button, text, content());
    });
    return button;
  }

  #openPopover(button: HTMLElement, title: string, content: HTMLElement): void {
    const root = this.#host.root;
    const pop = el(
      "div",
      { class: "ecgv-pop", role: "dialog", "aria-label": title },
      el("h3", { text: title }),
      content,
    );
    root.append(pop);
    const place = button.getBoundingClientRect();
    const frame = root.getBoundingClientRect();
    pop.style.top = `${place.bottom - frame.top + 6}px`;
    pop.style.left = `${Math.max(8, Math.min(place.left - frame.left, frame.width - pop.offsetWidth - 8))}px`;
    button.setAttribute("aria-expanded", "true");
    const outside = (event: Event) => {
      const target = event.target as Node;
      if (!pop.contains(target) && !button.contains(target)) close();
    };
    const close = () => {
      // The keyboard goes back to where it came from, not to the start of the page.
      if (pop.contains(document.activeElement)) button.focus();
      pop.remove();
      button.setAttribute("aria-expanded", "false");
      document.removeEventListener("pointerdown", outside, true);
      this.#pop = null;
      this.#closePop = null;
    };
    document.addEventListener("pointerdown", outside, true);
    pop.querySelector<HTMLElement>("select, input")?.focus();
    this.#pop = pop;
    this.#closePop = close;
  }

  #filterChoices(): [string, string][] {
    const { labels } = this.#host;
    return [
      ["diagnostic", `0.05–150 ${labels.filterDiagnostic}`],
      ["routine", `0.15–100 +50 ${labels.filterRoutine}`],
      ["quiet", `0.5–40 +50 ${labels.filterQuiet}`],
      ["off", labels.filterNone],
      ["custom", labels.filterCustom],
    ];
  }

  #filterChoice(): string {
    const { filters } = this.#host.settings;
    if (sameFilters(filters, FILTERS_DIAGNOSTIC)) return "diagnostic";
    if (sameFilters(filters, FILTERS_ROUTINE)) return "routine";
    if (sameFilters(filters, FILTERS_QUIET)) return "quiet";
    return sameFilters(filters, FILTERS_OFF) ? "off" : "custom";
  }

  #chooseFilter(value: string): void {
    const presets: Record<string, FilterSettings> = {
      diagnostic: FILTERS_DIAGNOSTIC,
      routine: FILTERS_ROUTINE,
      quiet: FILTERS_QUIET,
      off: FILTERS_OFF,
    };
    const filters = presets[value];
    if (filters) this.#host.update({ filters });
  }

  #filterForm(): HTMLElement {
    const { labels } = this.#host;
    const change = (part: Partial<FilterSettings>) =>
      this.#host.update({ filters: { ...this.#host.settings.filters, ...part } });
    const row = (
      label: string,
      values: readonly number[],
      current: number | null,
      choose: (value: number | null) => void,
    ) => {
      const select = el("select", { class: "ecgv-select", "aria-label": label });
      select.append(
        el("option", { value: "", text: labels.off }),
        ...values.map((v) => el("option", { value: String(v), text: `${v} Hz` })),
      );
      select.value = current === null ? "" : String(current);
      select.addEventListener("change", () => choose(select.value === "" ? null : Number(select.value)));
      return el("label", { class: "ecgv-line" }, label, select);
    };
    const { filters } = this.#host.settings;
    const notch = el("input", { type: "checkbox" });
    notch.checked = filters.notch50Hz;
    notch.addEventListener("change", () => change({ notch50Hz: notch.checked }));
    return el(
      "div",
      {},
      row(labels.highPass, [0.05, 0.15, 0.5], filters.highPassHz, (v) =>
        change({ highPassHz: v as HighPassHz | null }),
      ),
      row(labels.lowPass, [40, 75, 100, 150], filters.lowPassHz, (v) => change({ lowPassHz: v as LowPassHz | null })),
      el("label", { class: "ecgv-line" }, labels.notch, notch),
      el("p", { text: labels.filterHint }),
    );
  }

  #helpList(): HTMLElement {
    const list = el("dl", { class: "ecgv-keys" });
    for (const [keys, meaning] of this.#host.labels.keys)
      list.append(el("dt", { text: keys }), el("dd", { text: meaning }));
    return list;
  }
}

function separator(): HTMLElement {
  return el("span", { class: "ecgv-sep", "aria-hidden": "true" });
}
