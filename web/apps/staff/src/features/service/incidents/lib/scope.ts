import type { OrgKind, Organisation } from "@tianmu/api/wire";

/** Kinds that count as 基层医疗机构 when severity is judged. */
const PRIMARY: OrgKind[] = ["town_health_centre", "village_clinic"];
/** Kinds that count as 二级以上医疗机构. */
const SECONDARY: OrgKind[] = ["county_hospital", "diagnosis_centre"];
/** Institutions that connect to a subsystem of their own accord; village clinics work through their town's. */
const CONNECTED: OrgKind[] = ["county_hospital", "town_health_centre"];

export type Level = "primary" | "secondary";

/** The level of an institution, as the contract tells them apart; null where it has none. */
export function levelOf(kind: OrgKind): Level | null {
  if (PRIMARY.includes(kind)) return "primary";
  return SECONDARY.includes(kind) ? "secondary" : null;
}

/** How many of the chosen institutions belong to each level. */
export function stoppedCounts(organisations: readonly Organisation[], chosen: readonly string[]) {
  const levels = organisations.filter((o) => chosen.includes(o.id)).map((o) => levelOf(o.kind));
  return {
    primary_stopped: levels.filter((level) => level === "primary").length,
    secondary_stopped: levels.filter((level) => level === "secondary").length,
  };
}

/** How many institutions a subsystem of the whole region connects, to begin with. */
export function connectedCount(organisations: readonly Organisation[]): number {
  return organisations.filter((o) => o.active && CONNECTED.includes(o.kind)).length;
}
