import type { ServiceEvent } from "@tianmu/api/wire";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Timeline } from "antd";
import "./service.css";

interface JournalProps {
  entries: ServiceEvent[];
  /** One line for an entry; null hides it. */
  describe: (what: Record<string, unknown>) => string | null;
  /** Offered for entries that stand, when the caller may correct them. */
  onCorrect?: (entry: ServiceEvent) => void;
}

/** What happened, newest first; corrected entries stay, struck through. */
export function Journal({ entries, describe, onCorrect }: JournalProps) {
  const t = useT();
  const fixed = new Set(["replayed", "escalated", "voided", "struck"]);
  return (
    <Timeline
      items={entries.flatMap((entry) => {
        const what = entry.what as Record<string, unknown>;
        const text = describe(what);
        if (text === null) return [];
        const late = Math.abs(Date.parse(entry.recorded_at) - Date.parse(entry.at)) > 60_000;
        return [
          {
            key: entry.id,
            color: entry.superseded ? "gray" : what.event === "escalated" ? "red" : "blue",
            content: (
              <div className={entry.superseded ? "service-struck" : undefined}>
                <div>{text}</div>
                {entry.reason ? <div>{t(`原因：${entry.reason}`, `Reason: ${entry.reason}`)}</div> : null}
                <div className="tm-muted" style={{ fontSize: 12 }}>
                  <span className="tm-num">{dateTime(entry.at)}</span> ·{" "}
                  {entry.by_name === "system" ? t("系统", "system") : entry.by_name}
                  {late
                    ? t(`（${dateTime(entry.recorded_at)} 补录）`, ` (entered ${dateTime(entry.recorded_at)})`)
                    : ""}
                  {entry.corrects ? t("（更正）", " (correction)") : ""}
                  {onCorrect && !entry.superseded && !fixed.has(String(what.event)) ? (
                    <Button type="link" size="small" onClick={() => onCorrect(entry)} style={{ padding: "0 6px" }}>
                      {t("更正", "Correct")}
                    </Button>
                  ) : null}
                </div>
              </div>
            ),
          },
        ];
      })}
    />
  );
}
