import type { ServiceClock } from "@tianmu/api/wire";
import { dateTimeSeconds, shortTime, span } from "@tianmu/ui/lib/time";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { useNow } from "@tianmu/ui/lib/use-now";
import { Collapse } from "antd";
import { clockLeft } from "../lib/clock-left";
import { clockWord, WHY_WORDS } from "../lib/words";
import { DerivationView } from "./derivation";
import "./service.css";

/** The clocks of a record: what is left or by how much it was late, and every stretch that counted or did not. */
export function ClockList({ clocks }: { clocks: ServiceClock[] }) {
  const t = useT();
  const lang = useLang();
  const now = useNow();
  if (clocks.length === 0) return <span className="tm-muted">{t("没有计时。", "No clock runs.")}</span>;
  return (
    <>
      {clocks.map((clock) => {
        const left = clockLeft(clock, now);
        const text = clock.paused
          ? t("已暂停", "Paused")
          : left.late
            ? t(`超时 ${span(-left.seconds, lang)}`, `${span(-left.seconds, lang)} late`)
            : clock.stopped_at
              ? t(`按时，用时 ${span(clock.elapsed_s, lang)}`, `In time, ${span(clock.elapsed_s, lang)}`)
              : t(`剩余 ${span(left.seconds, lang)}`, `${span(left.seconds, lang)} left`);
        const colour = left.late ? "service-late" : clock.stopped_at ? "service-good" : left.soon ? "service-soon" : "";
        return (
          <div key={clock.name} className="service-clock">
            <div className="service-clock-head">
              <b>{t(...clockWord(clock.name))}</b>
              <span className="tm-muted">
                {t("时限", "until")} <span className="tm-num">{shortTime(clock.due_at, now)}</span>
              </span>
              <span className={`service-clock-left ${colour}`}>{text}</span>
            </div>
            <Collapse
              ghost
              size="small"
              items={[
                {
                  key: "why",
                  label: <span className="tm-muted">{t("如何计算", "How it is computed")}</span>,
                  children: (
                    <>
                      <table className="service-table">
                        <tbody>
                          {clock.intervals.map((part) => (
                            <tr key={part.from}>
                              <td className="tm-num">{dateTimeSeconds(part.from)}</td>
                              <td className="tm-num">{dateTimeSeconds(part.to)}</td>
                              <td className={part.counted ? "" : "tm-muted"}>
                                {t(...(WHY_WORDS[part.why] ?? [part.why, part.why]))}
                              </td>
                            </tr>
                          ))}
                        </tbody>
                      </table>
                      <DerivationView of={clock.derivation} />
                    </>
                  ),
                },
              ]}
            />
          </div>
        );
      })}
    </>
  );
}
