/** How far the traces of each row reach on the current page, so that rows can be given the room they need. */
import type { TracePage } from "./draw";
import type { Extent } from "./geometry";

/** More than this is an artefact, for which no row should make room. */
const MOST_MM = 32;

export function extentsOf(page: TracePage): Extent[] {
  const { geometry: g, reader } = page;
  const extents: Extent[] = g.rows.map(() => ({ upMm: 0, downMm: 0 }));
  for (const cell of page.cells) {
    const extent = extents[cell.row];
    if (cell.lead === null || !extent) continue;
    const from = Math.max(0, Math.floor((page.originS + cell.startS) * page.sampleRateHz));
    const to = Math.min(
      page.sampleCount - 1,
      Math.ceil((page.originS + Math.min(cell.endS, g.pageS)) * page.sampleRateHz),
    );
    let low = 0;
    let high = 0;
    for (let tile = Math.floor(from / reader.tileSamples); tile * reader.tileSamples <= to; tile++) {
      const values = reader.values(cell.lead, tile);
      if (!values) continue;
      const base = tile * reader.tileSamples;
      for (let i = Math.max(from, base); i <= Math.min(to, base + values.length - 1); i++) {
        const v = values[i - base] as number;
        if (v < low) low = v;
        else if (v > high) high = v;
      }
    }
    const mm = (uv: number) => Math.min(MOST_MM, (uv / 1000) * g.gainMmMv) + 1;
    extent.upMm = Math.max(extent.upMm, mm(cell.inverted ? -low : high));
    extent.downMm = Math.max(extent.downMm, mm(cell.inverted ? high : -low));
  }
  return extents;
}
