import { describe, expect, it } from "vitest";
import {
  CSS_PX_PER_MM,
  fitZoom,
  formatClock,
  pageGeometry,
  placeRows,
  pxOfTime,
  pxOfUv,
  pxPerMmFromObject,
  pxPerMmFromScreen,
  rowAtPx,
  stepOf,
  timeOfPx,
  uvOfPx,
} from "../src/geometry";
import { buildLayout, hasStandardLimbLeads, leadIndex, normalLeadName, rhythmLeads } from "../src/layout";

const TWELVE = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
const base = { viewWidthPx: 1200, viewHeightPx: 600, pxPerMm: 4, speedMmS: 25, gainMmMv: 10, durationS: 10 } as const;
const threeByFour = buildLayout(TWELVE, { layout: "3x4+1", cabrera: false, rhythmLead: "II" });
const stacked = buildLayout(TWELVE, { layout: "12x1", cabrera: false, rhythmLead: "II" });

describe("millimetres", () => {
  it("come from a card of 85.6 mm or a screen of known width", () => {
    expect(pxPerMmFromObject(428)).toBeCloseTo(5, 9);
    // A 23.8 inch 1920 × 1080 screen is 527 mm wide: 92.5 dpi.
    expect(pxPerMmFromScreen(1920, 527)).toBeCloseTo(3.6433, 4);
    expect(CSS_PX_PER_MM * 25.4).toBeCloseTo(96, 9);
    expect(() => pxPerMmFromObject(0)).toThrow(RangeError);
  });
  it("one second is 25 mm, one millivolt 10 mm, in both directions", () => {
    const g = pageGeometry({ ...base, layout: threeByFour });
    expect(pxOfTime(g, 3) - pxOfTime(g, 2)).toBeCloseTo(100, 9);
    expect(pxOfUv(g, 1, 0) - pxOfUv(g, 1, 1000)).toBeCloseTo(40, 9);
    expect(timeOfPx(g, pxOfTime(g, 7.25))).toBeCloseTo(7.25, 9);
    expect(uvOfPx(g, 2, pxOfUv(g, 2, -730))).toBeCloseTo(-730, 6);
  });
  it("speed and gain scale as their numbers say", () => {
    const g = pageGeometry({ ...base, layout: threeByFour, speedMmS: 50, gainMmMv: 2.5 });
    expect(pxOfTime(g, 1) - pxOfTime(g, 0)).toBeCloseTo(200, 9);
    expect(pxOfUv(g, 0, 0) - pxOfUv(g, 0, 1000)).toBeCloseTo(10, 9);
  });
  it("time 0 stands on a 5 mm line, the pulse before it with room to spare", () => {
    for (const speedMmS of [12.5, 25, 50] as const) {
      for (const layout of [threeByFour, stacked]) {
        const g = pageGeometry({ ...base, layout, speedMmS });
        expect(g.leftMm % 5).toBe(0);
        expect(g.pulseRiseMm % 5).toBe(0);
        expect(g.pulseRiseMm + 0.2 * speedMmS).toBeLessThanOrEqual(g.leftMm - 2);
      }
    }
  });
  it("a page of ten seconds is ten seconds wide; a stacked one as wide as the view, at most the recording", () => {
    const g = pageGeometry({ ...base, layout: threeByFour });
    expect(g.pageS).toBe(10);
    expect(g.widthMm).toBe(15 + 250 + 2);
    expect(pageGeometry({ ...base, layout: stacked, durationS: 86_400 }).pageS).toBeCloseTo((300 - 20 - 2) / 25, 9);
    expect(pageGeometry({ ...base, layout: stacked, durationS: 4 }).pageS).toBe(4);
  });
  it("a low view scrolls instead of crushing the rows", () => {
    expect(pageGeometry({ ...base, layout: stacked, viewHeightPx: 200 }).heightMm).toBeGreaterThanOrEqual(12 * 12);
  });
});

describe("rows", () => {
  it("share the height evenly when all need the same, on whole millimetres", () => {
    const rows = placeRows(4, 0, 120);
    const gaps = rows.slice(1).map((row, i) => row.baselineMm - (rows[i]?.baselineMm ?? 0));
    expect(gaps).toEqual([30, 30, 30]);
    expect(rows.every((row) => Number.isInteger(row.baselineMm))).toBe(true);
  });
  it("give a tall lead the room it needs while there is any", () => {
    const rows = placeRows(3, 0, 90, [
      { upMm: 5, downMm: 5 },
      { upMm: 30, downMm: 5 },
      { upMm: 5, downMm: 5 },
    ]);
    expect((rows[1]?.baselineMm ?? 0) - (rows[0]?.baselineMm ?? 0)).toBeGreaterThanOrEqual(35);
  });
  it("stay in order, inside the page and not on top of one another when there is too little room", () => {
    const rows = placeRows(
      12,
      0,
      144,
      TWELVE.map((_, i) => ({ upMm: i === 9 ? 30 : 10, downMm: i === 7 ? 25 : 8 })),
    );
    for (let i = 1; i < rows.length; i++)
      expect((rows[i]?.baselineMm ?? 0) - (rows[i - 1]?.baselineMm ?? 0)).toBeGreaterThanOrEqual(8);
    expect(rows[0]?.baselineMm).toBeGreaterThan(5);
    expect(rows[11]?.baselineMm).toBeLessThan(144);
  });
  it("are found by their baseline", () => {
    const g = pageGeometry({ ...base, layout: threeByFour });
    for (const [i, row] of g.rows.entries()) expect(rowAtPx(g, row.baselineMm * g.pxPerMm + 3)).toBe(i);
  });
});

describe("layouts", () => {
  const at = (layout: ReturnType<typeof buildLayout>) =>
    layout.cells.map((c) => `${c.label}@${c.row}:${c.startS}-${c.endS}`);
  it("3×4+1: columns of 2.5 s in the usual order, rhythm strip below", () => {
    expect(at(threeByFour)).toEqual([
      "I@0:0-2.5",
      "II@1:0-2.5",
      "III@2:0-2.5",
      "aVR@0:2.5-5",
      "aVL@1:2.5-5",
      "aVF@2:2.5-5",
      "V1@0:5-7.5",
      "V2@1:5-7.5",
      "V3@2:5-7.5",
      "V4@0:7.5-10",
      "V5@1:7.5-10",
      "V6@2:7.5-10",
      "II@3:0-10",
    ]);
  });
  it("3×4+3: chosen lead, then V1 and V5", () => {
    expect(rhythmLeads(3, "II")).toEqual(["II", "V1", "V5"]);
    expect(rhythmLeads(3, "V1")).toEqual(["V1", "V5", "II"]);
    expect(buildLayout(TWELVE, { layout: "3x4+3", cabrera: false, rhythmLead: "II" }).rows).toBe(6);
  });
  it("6×2: limb leads left, chest leads right, 5 s each", () => {
    const layout = buildLayout(TWELVE, { layout: "6x2", cabrera: false, rhythmLead: "II" });
    expect(at(layout).slice(5, 7)).toEqual(["aVF@5:0-5", "V1@0:5-10"]);
  });
  it("Cabrera: aVL, I, −aVR, II, aVF, III, and −aVR upside down", () => {
    const layout = buildLayout(TWELVE, { layout: "12x1", cabrera: true, rhythmLead: "II" });
    expect(layout.cells.slice(0, 6).map((c) => c.label)).toEqual(["aVL", "I", "−aVR", "II", "aVF", "III"]);
    expect(layout.cells.map((c) => c.inverted).indexOf(true)).toBe(2);
    expect(layout.cells[2]?.lead).toBe(3);
  });
  it("12×1 also shows leads beyond the twelve, and keeps the place of a missing one", () => {
    const layout = buildLayout([...TWELVE.filter((l) => l !== "V3"), "V3R", "V7"], {
      layout: "12x1",
      cabrera: false,
      rhythmLead: "II",
    });
    expect(layout.cells.map((c) => c.label).slice(-2)).toEqual(["V3R", "V7"]);
    expect(layout.cells.find((c) => c.label === "V3")?.lead).toBeNull();
  });
  it("a Holter recording is stacked, whatever is asked", () => {
    const layout = buildLayout(["MLII", "V1"], { layout: "3x4+1", cabrera: false, rhythmLead: "II" });
    expect(layout.rows).toBe(2);
    expect(layout.pageS).toBeNull();
    expect(layout.cells.map((c) => c.label)).toEqual(["MLII", "V1"]);
  });
  it("knows leads by their many spellings", () => {
    expect(["AVR", "avl", "MDC_ECG_LEAD_V1", "Lead II", "v6", "MLII"].map(normalLeadName)).toEqual([
      "aVR",
      "aVL",
      "V1",
      "II",
      "V6",
      "MLII",
    ]);
    expect(leadIndex(TWELVE, "-aVR")).toBe(3);
    expect(hasStandardLimbLeads(["MLII", "V5"])).toBe(false);
  });
});

describe("small things", () => {
  it("fits between true size and 2.2 times", () => {
    expect(fitZoom(threeByFour, 10, 25, 390, 700, CSS_PX_PER_MM)).toBe(1);
    // 267 mm over 1366 px at 96 dpi.
    expect(fitZoom(threeByFour, 10, 25, 1366, 700, CSS_PX_PER_MM)).toBeCloseTo(1366 / (267 * CSS_PX_PER_MM), 6);
    expect(fitZoom(threeByFour, 10, 25, 5000, 3000, CSS_PX_PER_MM)).toBe(2.2);
  });
  it("steps stop at the ends", () => {
    expect(stepOf([12.5, 25, 50], 50, 1)).toBe(50);
    expect(stepOf([12.5, 25, 50], 50, -1)).toBe(25);
  });
  it("tells the time", () => {
    expect(formatClock(0)).toBe("0:00:00.0");
    expect(formatClock(86_399.96)).toBe("24:00:00.0");
    expect(formatClock(3723.4)).toBe("1:02:03.4");
  });
});
