// The plan of a term as a table: kinds down, months across.
import type { InspectionKind, InspectionLine } from "@tianmu/api/wire";

export interface Year {
  /** `2024-12`, in order. */
  months: string[];
  rows: { kind: InspectionKind; cells: InspectionLine[][] }[];
}

const KINDS: InspectionKind[] = ["cloud_monthly", "video_monthly", "preventive_quarterly"];

export function yearOf(lines: InspectionLine[]): Year {
  const standing = lines.filter((line) => line.state !== "cancelled");
  const months = [...new Set(standing.map((line) => line.due.slice(0, 7)))].sort();
  const rows = KINDS.map((kind) => ({
    kind,
    cells: months.map((month) => standing.filter((line) => line.kind === kind && line.due.startsWith(month))),
  }));
  return { months, rows: rows.filter((row) => row.cells.some((cell) => cell.length > 0)) };
}

export interface Totals {
  all: number;
  confirmed: number;
  submitted: number;
  open: number;
  overdue: number;
  late: number;
  paper: number;
}

/** The numbers above the plan. Overdue: still missing; late: came after its date; paper: report on paper still owed. */
export function totals(lines: InspectionLine[]): Totals {
  const standing = lines.filter((line) => line.state !== "cancelled");
  const count = (wanted: (line: InspectionLine) => boolean) => standing.filter(wanted).length;
  const open = (line: InspectionLine) => line.state === "planned" || line.state === "in_progress";
  return {
    all: standing.length,
    confirmed: count((line) => line.state === "confirmed"),
    submitted: count((line) => line.state === "submitted"),
    open: count((line) => line.state === "in_progress"),
    overdue: count((line) => open(line) && line.late),
    late: count((line) => !open(line) && line.late),
    paper: count((line) => line.paper_due && !open(line) && line.paper_delivered_on === null),
  };
}

/** The contracts of the plan, the one with the latest dates first. */
export function contractsOf(lines: InspectionLine[]): { id: string; code: string }[] {
  const last = new Map<string, { id: string; code: string; due: string }>();
  for (const line of lines) {
    const known = last.get(line.contract_id);
    if (!known || known.due < line.due)
      last.set(line.contract_id, { id: line.contract_id, code: line.contract_code, due: line.due });
  }
  return [...last.values()].sort((a, b) => b.due.localeCompare(a.due)).map(({ id, code }) => ({ id, code }));
}

/** The contract whose plan matters today: of the next inspection to come, else the latest. */
export function currentContract(lines: InspectionLine[], today: string): string | undefined {
  const coming = lines.filter((line) => line.due >= today).sort((a, b) => a.due.localeCompare(b.due))[0];
  return coming?.contract_id ?? contractsOf(lines)[0]?.id;
}

/** What somebody on the way needs: begun ones, then what is overdue or may be begun now, by date. */
export function atHand(lines: InspectionLine[], today: string): InspectionLine[] {
  const rank = (line: InspectionLine) => (line.state === "in_progress" ? 0 : line.state === "planned" ? 1 : 2);
  return lines
    .filter(
      (line) =>
        line.state === "in_progress" ||
        line.state === "submitted" ||
        (line.state === "planned" && line.period_from <= today),
    )
    .sort((a, b) => rank(a) - rank(b) || a.due.localeCompare(b.due));
}
