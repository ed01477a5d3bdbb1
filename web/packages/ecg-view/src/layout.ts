/**
 * Which lead stands where: the layouts of a 12-lead page, in standard or Cabrera order.
 *
 * Time runs on without a break over the whole page: the second column of a 3×4 page starts where the first ends, so one
 * linear scale from time to paper holds for every row, and calipers and beat marks need no special case.
 * A recording without the standard leads (a Holter strip) is always stacked.
 */

export type LayoutId = "3x4+1" | "3x4+3" | "6x2" | "12x1";
export const LAYOUT_IDS: readonly LayoutId[] = ["3x4+1", "3x4+3", "6x2", "12x1"];

const STANDARD = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"] as const;
/** Cabrera: the limb leads in anatomical order from the left shoulder down to the right, -aVR between I and II. */
const CABRERA_LIMB = ["aVL", "I", "-aVR", "II", "aVF", "III"] as const;
const CHEST = ["V1", "V2", "V3", "V4", "V5", "V6"] as const;
export const PAGE_SECONDS = 10;

export interface Cell {
  /** What is written beside the trace, e.g. "-aVR". */
  label: string;
  /** Index into the recording's leads; null when the recording lacks the lead. */
  lead: number | null;
  inverted: boolean;
  row: number;
  /** Seconds from the start of the page. */
  startS: number;
  /** Seconds from the start of the page; Infinity = to the right edge. */
  endS: number;
  rhythm: boolean;
}

export interface PageLayout {
  id: LayoutId;
  rows: number;
  /** Seconds on one page; null = as much as the paper is wide. */
  pageS: number | null;
  cells: Cell[];
}

/** "AVR", "avr", "Lead II", "MDC_ECG_LEAD_V1" and the like to the usual spelling; other names stay as they are. */
export function normalLeadName(name: string): string {
  const bare = name
    .trim()
    .replace(/^MDC_ECG_LEAD_/i, "")
    .replace(/^lead[\s_]+/i, "");
  const upper = bare.toUpperCase();
  return STANDARD.find((lead) => lead.toUpperCase() === upper) ?? bare;
}

export function hasStandardLimbLeads(leads: readonly string[]): boolean {
  const names = leads.map(normalLeadName);
  return STANDARD.filter((lead) => names.includes(lead)).length >= 6;
}

/** Index of a lead by its usual name, or null. A leading "-" (as in -aVR) is ignored. */
export function leadIndex(leads: readonly string[], name: string): number | null {
  const wanted = normalLeadName(name.replace(/^[-−]/, ""));
  const index = leads.findIndex((lead) => normalLeadName(lead) === wanted);
  return index < 0 ? null : index;
}

export interface LayoutOptions {
  layout: LayoutId;
  cabrera: boolean;
  /** Lead of the single rhythm strip of 3x4+1. */
  rhythmLead: string;
}

/** The three rhythm strips of 3x4+3: the chosen lead first, then the usual V1 and V5 (or the next ones free). */
export function rhythmLeads(count: number, chosen: string): string[] {
  const order = [chosen, "V1", "V5", "II"];
  return order.filter((lead, i) => order.indexOf(lead) === i).slice(0, count);
}

export function buildLayout(leads: readonly string[], options: LayoutOptions): PageLayout {
  const order = options.cabrera ? [...CABRERA_LIMB, ...CHEST] : [...STANDARD];
  if (options.layout === "12x1" || !hasStandardLimbLeads(leads)) return stacked(leads, order);
  const rows = options.layout === "6x2" ? 6 : 3;
  const columnS = PAGE_SECONDS / (order.length / rows);
  const cells = order.map((name, i) => {
    const column = Math.floor(i / rows);
    return cell(leads, name, i % rows, column * columnS, (column + 1) * columnS, false);
  });
  const strips = options.layout === "3x4+1" ? 1 : options.layout === "3x4+3" ? 3 : 0;
  rhythmLeads(strips, options.rhythmLead).forEach((name, i) => {
    cells.push(cell(leads, name, rows + i, 0, PAGE_SECONDS, true));
  });
  return { id: options.layout, rows: rows + strips, pageS: PAGE_SECONDS, cells };
}

/** Standard recordings: the twelve in order, then any further leads. Others: their own order. */
function stacked(leads: readonly string[], order: readonly string[]): PageLayout {
  const used = new Set(order.map((name) => leadIndex(leads, name)));
  const extra = leads.filter((_, i) => !used.has(i));
  const names = hasStandardLimbLeads(leads) ? [...order, ...extra] : leads;
  const cells = names.map((name, row) => cell(leads, name, row, 0, Number.POSITIVE_INFINITY, false));
  return { id: "12x1", rows: Math.max(1, cells.length), pageS: null, cells };
}

function cell(
  leads: readonly string[],
  name: string,
  row: number,
  startS: number,
  endS: number,
  rhythm: boolean,
): Cell {
  const exact = leads.indexOf(name);
  const lead = exact >= 0 ? exact : leadIndex(leads, name);
  const inverted = exact < 0 && /^[-−]/.test(name);
  return { label: inverted ? `−${name.slice(1)}` : name, lead, inverted, row, startS, endS, rhythm };
}
