// Instants are UTC on the wire and shown in Asia/Shanghai wherever the browser stands. Dates stay as written.
import type { Lang } from "./lang";

const ZONE = "Asia/Shanghai";

let format: Intl.DateTimeFormat | undefined;

/** Made when first needed: it costs tens of milliseconds, which a page that is being built has better uses for. */
function parts(): Intl.DateTimeFormat {
  format ??= new Intl.DateTimeFormat("en-CA", {
    timeZone: ZONE,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  return format;
}

function split(instant: string | number | Date): Record<string, string> | null {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return null;
  const out: Record<string, string> = {};
  for (const part of parts().formatToParts(date)) out[part.type] = part.value;
  return out;
}

/** 2026-11-22 18:05 */
export function dateTime(instant: string | number | Date | null | undefined): string {
  const p = instant === null || instant === undefined ? null : split(instant);
  return p ? `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}` : "—";
}

/** 2026-11-22 18:05:09 */
export function dateTimeSeconds(instant: string | number | Date | null | undefined): string {
  const p = instant === null || instant === undefined ? null : split(instant);
  return p ? `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}:${p.second}` : "—";
}

/** 2026-11-22, the day in Shanghai */
export function day(instant: string | number | Date | null | undefined): string {
  const p = instant === null || instant === undefined ? null : split(instant);
  return p ? `${p.year}-${p.month}-${p.day}` : "—";
}

/** Today 18:05, else 11-21 18:05, else 2025-11-21: as short as stays clear. */
export function shortTime(instant: string | null | undefined, now: number = Date.now()): string {
  const p = instant ? split(instant) : null;
  const n = split(now);
  if (!p || !n) return "—";
  if (p.year !== n.year) return `${p.year}-${p.month}-${p.day}`;
  if (p.month === n.month && p.day === n.day) return `${p.hour}:${p.minute}`;
  return `${p.month}-${p.day} ${p.hour}:${p.minute}`;
}

/** A span for a person: 45秒 / 12分 / 2小时05分 / 3天4小时. Negative spans count as zero. */
export function span(seconds: number, lang: Lang): string {
  const s = Math.max(0, Math.floor(seconds));
  const zh = lang === "zh";
  if (s < 60) return zh ? `${s}秒` : `${s} s`;
  const minutes = Math.floor(s / 60);
  if (minutes < 60) return zh ? `${minutes}分` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  const restMinutes = String(minutes % 60).padStart(2, "0");
  if (hours < 24) return zh ? `${hours}小时${restMinutes}分` : `${hours} h ${restMinutes}`;
  const days = Math.floor(hours / 24);
  return zh ? `${days}天${hours % 24}小时` : `${days} d ${hours % 24} h`;
}

/** A clock that runs down: 04:59, 1:02:00; minus sign when overdue. */
export function countdown(seconds: number): string {
  const sign = seconds < 0 ? "-" : "";
  const s = Math.abs(Math.trunc(seconds));
  const hours = Math.floor(s / 3600);
  const minutes = String(Math.floor((s % 3600) / 60)).padStart(2, "0");
  const rest = String(s % 60).padStart(2, "0");
  return hours > 0 ? `${sign}${hours}:${minutes}:${rest}` : `${sign}${minutes}:${rest}`;
}

/** Start of a day in Shanghai (UTC+8, no summer time since 1991) as an instant. */
export function dayStart(date: string): string {
  return new Date(`${date}T00:00:00+08:00`).toISOString();
}

/** The instant at which the day is over. */
export function dayEnd(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00+08:00`) + 86_400_000).toISOString();
}
