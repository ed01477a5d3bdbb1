// What is still to do in an inspection, with what was tapped and has not arrived.
import type {
  Inspection,
  InspectionAnswerInput,
  InspectionEquipmentType,
  InspectionItem,
  InspectionUnit,
  InspectionVerdict,
} from "@tianmu/api/wire";
import { type Outbox, tapped, tappedSkip } from "./outbox";

/** An answer as the person sees it: theirs on the way, else the server's. */
export interface Shown {
  verdict: InspectionVerdict | null;
  value: string;
  remark: string;
  /** Measured by this system and not yet confirmed. */
  unconfirmed: string | null;
  measured_at: string | null;
  by_name: string | null;
}

export function shown(unit: InspectionUnit, code: string, outbox: Outbox): Shown {
  const mine = tapped(outbox, unit.id, code);
  const there = unit.answers[code];
  if (mine)
    return {
      verdict: mine.verdict ?? null,
      value: mine.value ?? "",
      remark: mine.remark ?? "",
      unconfirmed: null,
      measured_at: null,
      by_name: null,
    };
  return {
    verdict: there?.verdict ?? null,
    value: there?.value ?? "",
    remark: there?.remark ?? "",
    unconfirmed: there && there.by_name === null ? (there.source_name ?? "") : null,
    measured_at: there?.measured_at ?? null,
    by_name: there?.by_name ?? null,
  };
}

export function skipReason(unit: InspectionUnit, outbox: Outbox): string {
  return tappedSkip(outbox, unit.id) ?? unit.skip_reason ?? "";
}

export function listOf(inspection: Inspection, unit: InspectionUnit): InspectionEquipmentType | undefined {
  return inspection.checklists.find((list) => list.code === unit.type_code);
}

/** Whether a number lies outside the normal range, as the server will judge it. */
export function outside(item: Pick<InspectionItem, "low" | "high">, value: string): boolean {
  const number = Number(value);
  if (value.trim() === "" || Number.isNaN(number)) return false;
  return (item.low !== null && number < Number(item.low)) || (item.high !== null && number > Number(item.high));
}

/** A decimal number as the server takes it. */
export function isNumber(value: string): boolean {
  return /^-?\d{1,12}(\.\d{1,6})?$/.test(value.trim());
}

/** Items of a unit that keep the report from being submitted. */
export function openItems(inspection: Inspection, unit: InspectionUnit, outbox: Outbox): InspectionItem[] {
  if (skipReason(unit, outbox)) return [];
  return (listOf(inspection, unit)?.items ?? []).filter((item) => {
    const answer = shown(unit, item.code, outbox);
    if (answer.verdict === null || answer.unconfirmed !== null) return true;
    const verdict = item.kind === "number" && outside(item, answer.value) ? "abnormal" : answer.verdict;
    return verdict !== "normal" && answer.remark.trim() === "";
  });
}

/** The unit after this one that is not finished, from the beginning again after the last; none when all are. */
export function nextUnit(inspection: Inspection, after: string | null, outbox: Outbox): InspectionUnit | null {
  const units = inspection.unit_list;
  const start = units.findIndex((unit) => unit.id === after) + 1;
  const order = [...units.slice(start), ...units.slice(0, start)];
  return order.find((unit) => unit.id !== after && openItems(inspection, unit, outbox).length > 0) ?? null;
}

/** Answers that make every open check of a unit normal. */
export function allNormal(inspection: Inspection, unit: InspectionUnit, outbox: Outbox): InspectionAnswerInput[] {
  return openItems(inspection, unit, outbox)
    .filter((item) => item.kind === "check" && shown(unit, item.code, outbox).verdict === null)
    .map((item) => ({ code: item.code, verdict: "normal" as const }));
}
