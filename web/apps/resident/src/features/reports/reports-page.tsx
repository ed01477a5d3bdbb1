import type { ResidentReport } from "@tianmu/api/wire";
import { day } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Empty, InfiniteScroll, PullToRefresh, Skeleton } from "antd-mobile";
import { UserOutline } from "antd-mobile-icons";
import { useNavigate } from "react-router";
import { Problem } from "../../app/problem";
import { Screen } from "../../app/screen";
import { useMe } from "../session/session-context";
import { useReports } from "./api/use-reports";

export function Page() {
  const t = useT();
  const me = useMe();
  const navigate = useNavigate();
  const reports = useReports();
  const items = reports.data?.pages.flatMap((page) => page.items) ?? [];
  const unread = items.filter((report) => report.unread).length;
  return (
    <Screen
      title={t("我的报告", "My reports")}
      right={
        <Button
          fill="none"
          size="small"
          style={{ color: "#fff", fontSize: "var(--text)" }}
          aria-label={t("我的", "Me")}
          onClick={() => navigate("/me")}
        >
          <UserOutline /> {t("我的", "Me")}
        </Button>
      }
    >
      <PullToRefresh onRefresh={async () => void (await reports.refetch())}>
        <p className="muted" style={{ margin: "2px 2px 10px" }}>
          {t(`${me.display_name}，您好。`, `Hello, ${me.display_name}. `)}
          {unread > 0 ? t(`有 ${unread} 份未读报告。`, `${unread} unread.`) : null}
        </p>
        {reports.isError && items.length === 0 ? (
          <Problem error={reports.error} onRetry={() => void reports.refetch()} />
        ) : null}
        {reports.isPending ? (
          <div aria-busy="true">
            {[1, 2, 3].map((n) => (
              <div className="card" key={n}>
                <Skeleton.Title animated />
                <Skeleton.Paragraph lineCount={2} animated />
              </div>
            ))}
          </div>
        ) : null}
        {reports.data && items.length === 0 ? (
          <Empty
            description={t(
              "还没有报告。检查报告发布后会出现在这里。",
              "No reports yet. They appear here once published.",
            )}
          />
        ) : null}
        {items.map((report) => (
          <ReportCard key={report.exam_id} report={report} onOpen={() => navigate(`/reports/${report.exam_id}`)} />
        ))}
        {items.length > 0 ? (
          <InfiniteScroll hasMore={reports.hasNextPage} loadMore={async () => void (await reports.fetchNextPage())}>
            {reports.hasNextPage ? (
              t("正在加载…", "Loading…")
            ) : (
              <span className="muted">{t("没有更多了", "No more")}</span>
            )}
          </InfiniteScroll>
        ) : null}
      </PullToRefresh>
    </Screen>
  );
}

function ReportCard({ report, onOpen }: { report: ResidentReport; onOpen: () => void }) {
  const t = useT();
  return (
    <button type="button" className="card report-card" onClick={onOpen}>
      <div className="report-card-top">
        {report.unread ? <span className="unread-dot" role="img" aria-label={t("未读", "Unread")} /> : null}
        <span className="report-card-title">{report.title}</span>
        <span className={`mark ${report.abnormal ? "mark-abnormal" : "mark-normal"}`}>
          {report.abnormal ? t("有异常", "Abnormal") : t("未见异常", "Normal")}
        </span>
      </div>
      <div style={{ margin: "6px 0", lineHeight: 1.5 }}>{report.conclusion.join("；")}</div>
      <div className="muted num">
        {day(report.examined_at)}　{report.organisation_name}
      </div>
    </button>
  );
}
