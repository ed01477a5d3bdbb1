/**
 * Development page. `?hours=24` a long synthetic recording, `?delay=200` slow answers, `?locale=en`, any setting as
 * `?layout=12x1&speedMmS=50&theme=dark`; `?window=/x.bin&meta=/x.json` shows a stored window (`SourceMeta` plus `analysis`).
 */
import {
  EcgViewer,
  type Locale,
  MemoryWaveformSource,
  parseWindow,
  type ViewAnalysis,
  type ViewSettings,
  type WaveformSource,
} from "../src/index";
import { SyntheticSource, syntheticAnalysis } from "./synthetic";

const query = new URLSearchParams(location.search);

function settingsFromQuery(): Partial<ViewSettings> {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of query) {
    settings[name] =
      value === "true" ? true : value === "false" ? false : Number.isFinite(Number(value)) ? Number(value) : value;
    if (name === "filters") settings[name] = JSON.parse(value);
  }
  return settings as Partial<ViewSettings>;
}

async function load(): Promise<{ source: WaveformSource; analysis: ViewAnalysis | null }> {
  const windowUrl = query.get("window");
  if (windowUrl) {
    const window = parseWindow(await (await fetch(windowUrl)).arrayBuffer());
    const meta = await (await fetch(query.get("meta") ?? "")).json();
    return {
      source: new MemoryWaveformSource(meta, window.leads, [...window.resolutionUv]),
      analysis: meta.analysis ?? null,
    };
  }
  const seconds = query.has("hours") ? Number(query.get("hours")) * 3600 : Number(query.get("seconds") ?? 10);
  return {
    source: new SyntheticSource(seconds, 500, Number(query.get("delay") ?? 0)),
    analysis: syntheticAnalysis(seconds),
  };
}

const app = document.getElementById("app");
if (app) {
  const { source, analysis } = await load();
  const viewer = new EcgViewer(app, {
    source,
    analysis,
    locale: (query.get("locale") ?? "zh-CN") as Locale,
    settings: settingsFromQuery(),
    onFiducialsChange: (change) => console.info("fiducials", JSON.stringify(change)),
    onError: (error) => console.error(error),
  });
  Object.assign(window, { viewer, source });
}
