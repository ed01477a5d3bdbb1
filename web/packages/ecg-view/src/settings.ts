/** What the reader can choose, and how the choice is written under the trace. */
import { effectiveFilters, FILTER_PRESETS, FILTERS_DIAGNOSTIC, type FilterSettings, isFiltering } from "./filter";
import type { GainMmMv, SpeedMmS } from "./geometry";
import type { Labels } from "./labels";
import type { LayoutId } from "./layout";
import type { ThemeId } from "./theme";

export interface ViewSettings {
  layout: LayoutId;
  cabrera: boolean;
  rhythmLead: string;
  speedMmS: SpeedMmS;
  gainMmMv: GainMmMv;
  filters: FilterSettings;
  /** "fit" enlarges the page to the window (never below true size); "true" keeps millimetres true. */
  zoom: "fit" | "true";
  theme: ThemeId;
  beats: boolean;
  mode: "waves" | "median";
  tool: "none" | "caliper" | "magnifier";
  march: boolean;
}

export const DEFAULT_SETTINGS: ViewSettings = {
  layout: "3x4+1",
  cabrera: false,
  rhythmLead: "II",
  speedMmS: 25,
  gainMmMv: 10,
  filters: FILTERS_DIAGNOSTIC,
  zoom: "fit",
  theme: "paper",
  beats: false,
  mode: "waves",
  tool: "none",
  march: false,
};

/** "0.15–100 Hz 50 Hz notch", or that there is none. Names only what really runs at this sample rate. */
export function filterText(filters: FilterSettings, sampleRateHz: number, labels: Labels): string {
  const real = effectiveFilters(filters, sampleRateHz);
  if (!isFiltering(real)) return labels.noFilter;
  const parts: string[] = [];
  if (real.highPassHz !== null && real.lowPassHz !== null) parts.push(`${real.highPassHz}–${real.lowPassHz} Hz`);
  else if (real.highPassHz !== null) parts.push(`${labels.highPass} ${real.highPassHz} Hz`);
  else if (real.lowPassHz !== null) parts.push(`${labels.lowPass} ${real.lowPassHz} Hz`);
  if (real.notch50Hz) parts.push(labels.notch);
  return parts.join(" ");
}

export function settingsText(settings: ViewSettings, sampleRateHz: number, labels: Labels): string {
  return `${settings.speedMmS} mm/s ${settings.gainMmMv} mm/mV ${filterText(settings.filters, sampleRateHz, labels)}`;
}

export function sameFilters(a: FilterSettings, b: FilterSettings): boolean {
  return a.highPassHz === b.highPassHz && a.lowPassHz === b.lowPassHz && a.notch50Hz === b.notch50Hz;
}

/** The preset after this one; a custom choice goes to the first. */
export function nextPreset(filters: FilterSettings): FilterSettings {
  const index = FILTER_PRESETS.findIndex((preset) => sameFilters(preset, filters));
  return FILTER_PRESETS[(index + 1) % FILTER_PRESETS.length] ?? FILTERS_DIAGNOSTIC;
}
