/** What an app imports from `@tianmu/ecg-view`. The React wrapper is `@tianmu/ecg-view/react`. */
export { type Caliper, type CaliperReading, readCaliper } from "./caliper";
export { type FilterSettings, FILTERS_DIAGNOSTIC, FILTERS_OFF, FILTERS_QUIET, FILTERS_ROUTINE } from "./filter";
export { pxPerMmFromObject, pxPerMmFromScreen } from "./geometry";
export type { Locale } from "./labels";
export type { LayoutId } from "./layout";
export { type Fiducials, type Intervals, intervalsOf, type MedianBeats, type ViewAnalysis } from "./model";
export { DEFAULT_SETTINGS, settingsText, type ViewSettings } from "./settings";
export {
  type FetchLike,
  HttpWaveformSource,
  MemoryWaveformSource,
  type SourceMeta,
  type WaveformSource,
} from "./source";
export type { ThemeId } from "./theme";
export { EcgViewer, type EcgViewerOptions, type FiducialsChange } from "./viewer";
export { encodeWindow, parseWindow, WaveformError, type WaveformErrorCode, type WaveformWindow } from "./wire";
