import { span } from "@tianmu/ui/lib/time";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { useNow } from "@tianmu/ui/lib/use-now";
import "./service.css";

/** The running limit of a line of a list, ticking. */
export function DueCell({ due, blocked }: { due: string | null; blocked?: string | null }) {
  const t = useT();
  const lang = useLang();
  const now = useNow();
  if (blocked) return <span className="service-late">{t("日历未公布，无法计时", "Calendar unknown")}</span>;
  if (!due) return <span className="tm-muted">—</span>;
  const seconds = Math.floor((Date.parse(due) - now) / 1000);
  return seconds < 0 ? (
    <span className="service-late">{t(`超时 ${span(-seconds, lang)}`, `${span(-seconds, lang)} late`)}</span>
  ) : (
    <span className={seconds < 600 ? "service-soon" : ""}>
      {t(`剩 ${span(seconds, lang)}`, `${span(seconds, lang)} left`)}
    </span>
  );
}
