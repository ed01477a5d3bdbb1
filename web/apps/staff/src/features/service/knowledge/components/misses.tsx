import { EmptyState } from "@tianmu/ui/empty-state";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Drawer } from "antd";
import { useDismissMiss } from "../api/use-dismiss-miss";
import { useSearchMisses } from "../api/use-search-misses";

/** What people looked for and did not find: the articles to write next. */
export function Misses({ close, write }: { close: () => void; write: (query: string) => void }) {
  const t = useT();
  const misses = useSearchMisses(true);
  const dismiss = useDismissMiss();
  return (
    <Drawer open title={t("没搜到的内容", "Searched and not found")} onClose={close} size={560}>
      {misses.isError ? <ErrorState error={misses.error} onRetry={() => void misses.refetch()} /> : null}
      {misses.isPending ? <LoadingState rows={5} /> : null}
      {misses.data?.length === 0 ? <EmptyState text={t("都搜到了。", "Everything was found.")} /> : null}
      {misses.data && misses.data.length > 0 ? (
        <table className="service-table">
          <thead>
            <tr>
              <th>{t("搜索内容", "Search")}</th>
              <th className="end">{t("次数", "Times")}</th>
              <th>{t("最近", "Last")}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {misses.data.map((miss) => (
              <tr key={miss.query}>
                <td>{miss.query}</td>
                <td className="end tm-num">{miss.times}</td>
                <td className="tm-num">{dateTime(miss.last_at)}</td>
                <td style={{ whiteSpace: "nowrap" }}>
                  <Button size="small" type="link" onClick={() => write(miss.query)}>
                    {t("编写条目", "Write it")}
                  </Button>
                  <Button size="small" type="link" onClick={() => dismiss.mutate(miss.query)}>
                    {t("移除", "Dismiss")}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </Drawer>
  );
}
