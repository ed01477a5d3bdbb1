/** The benchmark's page: 10 s of 12 leads at 500 Hz, drawn again and again; the pixels are read back so that work counts. */
import { EcgViewer, type LayoutId } from "../src/index";
import { SyntheticSource, syntheticAnalysis } from "../dev/synthetic";

export interface BenchResult {
  layout: LayoutId;
  medianMs: number;
  worstMs: number;
  scrollMedianMs: number;
}

async function measure(layout: LayoutId): Promise<BenchResult> {
  const host = document.createElement("div");
  host.style.cssText = "width:1366px;height:700px";
  document.body.replaceChildren(host);
  const viewer = new EcgViewer(host, {
    source: new SyntheticSource(60),
    analysis: syntheticAnalysis(60),
    settings: { layout },
    toolbar: false,
    storage: null,
  });
  const settle = () => new Promise((resolve) => setTimeout(resolve, 50));
  await settle();
  for (let i = 0; i < 40 && !viewer.isComplete; i++) await settle();
  const traces = host.querySelectorAll("canvas")[2] as HTMLCanvasElement;
  const flush = () => traces.getContext("2d")?.getImageData(0, 0, 1, 1);
  const time = (work: (i: number) => void): number[] => {
    const times: number[] = [];
    for (let i = 0; i < 40; i++) {
      const start = performance.now();
      work(i);
      flush();
      times.push(performance.now() - start);
    }
    // The first rounds compile and filter.
    return times.slice(5).sort((a, b) => a - b);
  };
  const still = time(() => viewer.drawNow());
  const scroll = time((i) => {
    viewer.goTo(5 + i * 0.05);
    viewer.drawNow();
  });
  viewer.destroy();
  const median = (list: number[]) => list[Math.floor(list.length / 2)] ?? Number.NaN;
  return {
    layout,
    medianMs: median(still),
    worstMs: still[still.length - 1] ?? Number.NaN,
    scrollMedianMs: median(scroll),
  };
}

export async function run(): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const layout of ["3x4+1", "3x4+3", "6x2", "12x1"] as const) results.push(await measure(layout));
  return results;
}

Object.assign(window, { runBench: run });
