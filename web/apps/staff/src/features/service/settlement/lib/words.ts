type Text = readonly [zh: string, en: string];

export const PENALTY_STATES: Record<string, Text> = {
  proposed: ["待双方复核", "In review"],
  confirmed: ["已确认", "Confirmed"],
  disputed: ["有争议", "Disputed"],
  withdrawn: ["已撤销", "Withdrawn"],
};

export const LINE_WORDS: Record<string, Text> = {
  proposal: ["计算", "Computed"],
  counter: ["冲销", "Counter-entry"],
  decision: ["协商结果", "Decision"],
};

/** Where the source of a penalty is shown. */
export function sourcePath(kind: string, id: string): string | null {
  if (kind === "attendance") return "/service/roster?tab=attendance";
  const folders: Record<string, string> = { incident: "incidents", requirement: "requirements" };
  return folders[kind] ? `/service/${folders[kind]}/${id}` : null;
}
