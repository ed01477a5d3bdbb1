import type { Inspection, InspectionUnit } from "@tianmu/api/wire";
import { describe, expect, it } from "vitest";
import { put, putSkip } from "./outbox";
import { allNormal, isNumber, nextUnit, openItems, outside, shown } from "./progress";

const item = (code: string, kind: "check" | "number", high: string | null = null) => ({
  code,
  kind,
  zh: code,
  en: code,
  method_zh: "",
  method_en: "",
  unit: kind === "number" ? "%" : null,
  low: null,
  high,
  source: null,
  monitoring: true,
  quarterly: false,
});
const unit = (id: string): InspectionUnit => ({ id, type_code: "t", answers: {}, skip_reason: null }) as never;
const inspection = {
  checklists: [{ code: "t", items: [item("led", "check"), item("usage", "number", "80")] }],
  unit_list: [unit("u1"), unit("u2"), unit("u3")],
} as unknown as Inspection;
const codes = (n: number, outbox = {}) =>
  openItems(inspection, inspection.unit_list[n] as InspectionUnit, outbox).map((open) => open.code);

describe("what is still to do", () => {
  it("asks for each item, for a remark where it is not in order, and for nothing where nobody could look", () => {
    expect(codes(0)).toEqual(["led", "usage"]);
    let box = put({}, "u1", { code: "led", verdict: "abnormal" });
    expect(codes(0, box)).toEqual(["led", "usage"]);
    box = put(box, "u1", { code: "led", verdict: "abnormal", remark: "红灯" });
    // Said to be normal, and beyond the range: it still wants a remark.
    box = put(box, "u1", { code: "usage", verdict: "normal", value: "81" });
    expect(codes(0, box)).toEqual(["usage"]);
    expect(codes(0, put(box, "u1", { code: "usage", verdict: "normal", value: "80" }))).toEqual([]);
    expect(codes(1, putSkip({}, "u2", "停用"))).toEqual([]);
  });

  it("goes on to the next unfinished unit, and around", () => {
    const done = putSkip(putSkip({}, "u2", "停用"), "u3", "停用");
    expect(nextUnit(inspection, "u1", {})?.id).toBe("u2");
    expect(nextUnit(inspection, "u3", done)?.id).toBe("u1");
    expect(nextUnit(inspection, "u1", done)).toBeNull();
  });

  it("makes only open checks normal at one tap", () => {
    expect(allNormal(inspection, inspection.unit_list[0] as InspectionUnit, {})).toEqual([
      { code: "led", verdict: "normal" },
    ]);
  });

  it("shows a measured value as not yet confirmed", () => {
    const measured = {
      ...unit("u9"),
      answers: { usage: { verdict: "normal", value: "20", remark: null, by_name: null, source_name: "zabbix" } },
    } as unknown as InspectionUnit;
    expect(shown(measured, "usage", {}).unconfirmed).toBe("zabbix");
    expect(
      shown(measured, "usage", put({}, "u9", { code: "usage", verdict: "normal", value: "20" })).unconfirmed,
    ).toBeNull();
  });

  it("reads numbers as the server does", () => {
    expect(["21.5", "-3", "0"].map(isNumber)).toEqual([true, true, true]);
    expect(["", "二十", "1e3", "1.", "1.1234567"].map(isNumber)).toEqual([false, false, false, false, false]);
    expect(outside({ low: "18", high: "27" }, "17.9")).toBe(true);
    expect(outside({ low: "18", high: "27" }, "27")).toBe(false);
    expect(outside({ low: null, high: null }, "99")).toBe(false);
  });
});
