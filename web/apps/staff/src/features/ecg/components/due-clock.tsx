import type { ExamItem } from "@tianmu/api/wire";
import { countdown, dateTime, span } from "@tianmu/ui/lib/time";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { useNow } from "@tianmu/ui/lib/use-now";
import { due, waitingS } from "../lib/waiting";

export function WaitingTime({ item, answeredAt }: { item: ExamItem; answeredAt: number }) {
  const lang = useLang();
  const seconds = waitingS(item, answeredAt, useNow());
  return <span className="tm-num">{seconds === null ? "—" : span(seconds, lang)}</span>;
}

const COLORS = { calm: "#44515e", near: "#ad4e00", over: "#cf1322", none: "#66727f" } as const;

/** Runs down to the turn-around limit; past it, how long overdue. */
export function DueClock({ item }: { item: ExamItem }) {
  const t = useT();
  const lang = useLang();
  const { level, leftS } = due(item, useNow());
  if (leftS === null) return <span className="tm-muted">—</span>;
  // Days overdue need no seconds.
  const text = Math.abs(leftS) < 86_400 ? countdown(Math.abs(leftS)) : span(Math.abs(leftS), lang);
  return (
    <span
      className="tm-num"
      style={{ color: COLORS[level], fontWeight: level === "calm" ? 400 : 600 }}
      title={t(`时限 ${dateTime(item.due_at)}`, `Due ${dateTime(item.due_at)}`)}
    >
      {level === "over" ? t(`超时 ${text}`, `${text} over`) : text}
    </span>
  );
}
