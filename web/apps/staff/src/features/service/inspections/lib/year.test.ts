import type { InspectionLine } from "@tianmu/api/wire";
import { expect, it } from "vitest";
import { atHand, contractsOf, currentContract, totals, yearOf } from "./year";

const line = (kind: string, due: string, more: Partial<InspectionLine> = {}): InspectionLine =>
  ({
    id: `${kind}-${due}`,
    contract_id: "c1",
    contract_code: "liyang-2024",
    kind,
    due,
    state: "planned",
    late: false,
    paper_due: kind === "preventive_quarterly",
    paper_delivered_on: null,
    ...more,
  }) as InspectionLine;

const LINES = [
  line("cloud_monthly", "2025-02-28", { state: "confirmed", late: true }),
  line("cloud_monthly", "2024-12-31", { late: true }),
  line("preventive_quarterly", "2025-02-28", { state: "submitted" }),
  line("video_monthly", "2025-03-31", { state: "cancelled" }),
];

it("lays the plan out by month, without what was cancelled", () => {
  const year = yearOf(LINES);
  expect(year.months).toEqual(["2024-12", "2025-02"]);
  expect(year.rows.map((row) => row.kind)).toEqual(["cloud_monthly", "preventive_quarterly"]);
  expect(year.rows[0]?.cells.map((cell) => cell.length)).toEqual([1, 1]);
});

it("tells what is missing from what came late", () => {
  expect(totals(LINES)).toEqual({ all: 3, confirmed: 1, submitted: 1, open: 0, overdue: 1, late: 1, paper: 1 });
});

it("puts the latest contract first", () => {
  const newer = line("cloud_monthly", "2026-11-30", { contract_id: "c2", contract_code: "liyang-2025" });
  expect(contractsOf([...LINES, newer]).map((contract) => contract.code)).toEqual(["liyang-2025", "liyang-2024"]);
});

it("opens with the contract of the next inspection, not with a renewal that lies ahead", () => {
  const newer = line("cloud_monthly", "2026-01-31", { contract_id: "c2", contract_code: "liyang-2025" });
  expect(currentContract([...LINES, newer], "2025-01-10")).toBe("c1");
  expect(currentContract([...LINES, newer], "2025-06-10")).toBe("c2");
  expect(currentContract([...LINES, newer], "2027-01-01")).toBe("c2");
  expect(currentContract([], "2027-01-01")).toBeUndefined();
});

it("gives somebody on the way what is begun, then what may be begun, by date", () => {
  const lines = [
    line("cloud_monthly", "2025-02-28", { period_from: "2025-02-01" }),
    line("cloud_monthly", "2025-03-31", { period_from: "2025-03-01" }),
    line("video_monthly", "2025-01-31", { period_from: "2025-01-01" }),
    line("video_monthly", "2025-02-28", { period_from: "2025-02-01", state: "in_progress" }),
    line("cloud_monthly", "2025-01-31", { period_from: "2025-01-01", state: "confirmed" }),
  ];
  expect(atHand(lines, "2025-02-10").map((each) => each.id)).toEqual([
    "video_monthly-2025-02-28",
    "video_monthly-2025-01-31",
    "cloud_monthly-2025-02-28",
  ]);
});
