import { EmptyState } from "@tianmu/ui/empty-state";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Tag } from "antd";
import { Link } from "react-router";
import { DueCell } from "../../components/due-cell";
import { clockWord } from "../../lib/words";
import { useClocks } from "../api/use-clocks";
import { KIND_PATHS, KIND_WORDS } from "../lib/words";
import "../dashboard.css";

/** What has to be done next, ticking. */
export function RunningClocks({ limit = 12 }: { limit?: number }) {
  const t = useT();
  const clocks = useClocks(limit);
  return (
    <section className="service-panel">
      <h2>{t("正在计时", "Clocks running")}</h2>
      {clocks.isError ? (
        <ErrorState error={clocks.error} onRetry={() => void clocks.refetch()} />
      ) : !clocks.data ? (
        <LoadingState rows={6} />
      ) : clocks.data.length === 0 ? (
        <EmptyState text={t("当前没有计时中的事项。", "Nothing is running.")} />
      ) : (
        <ol className="dashboard-clocks">
          {clocks.data.map((clock) => (
            <li key={`${clock.kind} ${clock.id}`}>
              <Tag>{t(...(KIND_WORDS[clock.kind] ?? [clock.kind, clock.kind]))}</Tag>
              <Link to={`${KIND_PATHS[clock.kind]}/${clock.id}`} title={clock.title}>
                {clock.title}
              </Link>
              <span className="dashboard-clock-due">
                <span className="tm-muted">{t(...clockWord(clock.clock))}</span> <DueCell due={clock.due_at} />
              </span>
              <span className="tm-muted dashboard-clock-note">
                {[clock.number, clock.organisation_name, clock.assignee_name].filter(Boolean).join(" · ")}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
