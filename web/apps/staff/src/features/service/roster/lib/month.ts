// The grid of a month, weeks from Monday.
import dayjs from "dayjs";

/** Days of a month as `2026-12-01`, in weeks from Monday; null before the first and after the last. */
export function weeks(month: string): (string | null)[][] {
  const first = dayjs(`${month}-01`);
  const lead = (first.day() + 6) % 7;
  const cells: (string | null)[] = Array<null>(lead).fill(null);
  for (let n = 0; n < first.daysInMonth(); n += 1) cells.push(first.add(n, "day").format("YYYY-MM-DD"));
  while (cells.length % 7 !== 0) cells.push(null);
  const rows: (string | null)[][] = [];
  for (let n = 0; n < cells.length; n += 7) rows.push(cells.slice(n, n + 7));
  return rows;
}

/** Whether a day is a Saturday or Sunday. */
export function isWeekend(day: string): boolean {
  return [0, 6].includes(dayjs(day).day());
}

export function monthAfter(month: string, by: number): string {
  return dayjs(`${month}-01`).add(by, "month").format("YYYY-MM");
}
