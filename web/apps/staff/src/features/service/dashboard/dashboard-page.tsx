import { DownloadOutlined, FilePdfOutlined } from "@ant-design/icons";
import type { ServiceDashboard, ServiceLevelOf } from "@tianmu/api/wire";
import { EmptyState } from "@tianmu/ui/empty-state";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { download, toCsv } from "@tianmu/ui/lib/csv";
import { day, span } from "@tianmu/ui/lib/time";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { Button, DatePicker, Tabs } from "antd";
import dayjs from "dayjs";
import { lazy, type ReactNode, Suspense } from "react";
import { can } from "../../../app/permissions";
import { OrganisationSelect } from "../../ecg/components/organisation-select";
import { useMe } from "../../session/session-context";
import { ItemSelect } from "../components/item-select";
import { useFilters } from "../lib/use-filters";
import { itemWord } from "../lib/words";
import { CHANNEL_WORDS, CLASS_WORDS } from "../tickets/lib/words";
import { type DashboardFilter, useDashboard } from "./api/use-dashboard";
import { LevelsTable } from "./components/levels-table";
import { RunningClocks } from "./components/running-clocks";
import { percent, share } from "./lib/figures";
import "../components/service.css";
import "./dashboard.css";

const FORMAT = "YYYY-MM-DD";

// The figures stand while the drawing is still on its way.
const TrendChart = lazy(async () => ({ default: (await import("./components/charts")).TrendChart }));
const CurveChart = lazy(async () => ({ default: (await import("./components/charts")).CurveChart }));
const CausesChart = lazy(async () => ({ default: (await import("./components/charts")).CausesChart }));

function Drawn({ height, children }: { height: number; children: ReactNode }) {
  return <Suspense fallback={<div style={{ height }} aria-busy="true" />}>{children}</Suspense>;
}

export function Page() {
  const t = useT();
  const me = useMe();
  const [params, set] = useFilters();
  // The day of the region, wherever the browser stands.
  const today = dayjs(day(Date.now()));
  const filter: DashboardFilter = {
    from: params.get("from") ?? today.subtract(29, "day").format(FORMAT),
    to: params.get("to") ?? today.format(FORMAT),
    organisation_id: params.get("organisation") ?? undefined,
    item_code: params.get("item") ?? undefined,
  };
  const found = useDashboard(filter);
  const query = new URLSearchParams(
    Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const data = found.data;
  const lastMonth = today.subtract(1, "month");
  return (
    <>
      <PageHeader
        title={t("服务水平", "Service levels")}
        actions={
          <>
            <Button icon={<DownloadOutlined />} disabled={!data} onClick={() => data && exportCsv(data, t)}>
              {t("导出表格", "Export CSV")}
            </Button>
            <a href={`/api/v1/service/dashboard/pdf?${query}`} target="_blank" rel="noreferrer">
              <Button icon={<FilePdfOutlined />}>{t("报告 PDF", "Report PDF")}</Button>
            </a>
          </>
        }
      />
      <div className="service-filters">
        <DatePicker.RangePicker
          aria-label={t("期间", "Period")}
          allowClear={false}
          value={[dayjs(filter.from), dayjs(filter.to)]}
          maxDate={today}
          presets={[
            { label: t("近7天", "7 days"), value: [today.subtract(6, "day"), today] },
            { label: t("近30天", "30 days"), value: [today.subtract(29, "day"), today] },
            { label: t("本月", "This month"), value: [today.startOf("month"), today] },
            { label: t("上月", "Last month"), value: [lastMonth.startOf("month"), lastMonth.endOf("month")] },
            { label: t("本年", "This year"), value: [today.startOf("year"), today] },
            { label: t("近一年", "12 months"), value: [today.subtract(1, "year").add(1, "day"), today] },
          ]}
          onChange={(range) => set({ from: range?.[0]?.format(FORMAT), to: range?.[1]?.format(FORMAT) })}
        />
        <ItemSelect value={params.get("item") ?? undefined} onChange={(value) => set({ item: value })} />
        {can(me, "workTickets") || can(me, "readContracts") ? (
          <OrganisationSelect
            value={params.get("organisation") ?? undefined}
            onChange={(value) => set({ organisation: value })}
          />
        ) : null}
      </div>
      {found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : !data ? (
        <LoadingState rows={10} />
      ) : (
        <Content data={data} set={set} />
      )}
    </>
  );
}

function Figure({ label, value, note }: { label: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div>
      <span className="tm-muted">{label}</span>
      <b>{value}</b>
      <small>{note ?? "\u00a0"}</small>
    </div>
  );
}

type Set = (changes: Record<string, string | undefined>) => void;

function Content({ data, set }: { data: ServiceDashboard; set: Set }) {
  const t = useT();
  const lang = useLang();
  const { all } = data;
  const time = (seconds: number | null) => (seconds === null ? "—" : span(seconds, lang));
  const late = (n: number) =>
    n > 0 ? <span className="service-late">{t(`超时 ${n}`, `${n} late`)}</span> : t("无超时", "none late");
  return (
    <>
      <div className="dashboard-figures">
        <Figure
          label={t("新开工单", "Opened")}
          value={all.opened}
          note={t(`作废 ${data.cancelled}，合同外 ${data.out_of_scope}`, `${data.cancelled} cancelled`)}
        />
        <Figure label={t("期内办结", "Solved")} value={data.resolved} />
        <Figure label={t("未办结", "Open")} value={all.open} />
        <Figure
          label={t("响应及时率", "Answered in time")}
          value={percent(share(all.response))}
          note={late(all.response.late)}
        />
        <Figure
          label={t("办结及时率", "Solved in time")}
          value={percent(share(all.handling))}
          note={late(all.handling.late)}
        />
        <Figure
          label={t("响应中位时长", "Median answer")}
          value={time(all.response_median_s)}
          note={t(`九成 ${time(all.response_p90_s)}`, `90% ${time(all.response_p90_s)}`)}
        />
        <Figure
          label={t("办结中位时长", "Median solution")}
          value={time(all.resolution_median_s)}
          note={t(`九成 ${time(all.resolution_p90_s)}`, `90% ${time(all.resolution_p90_s)}`)}
        />
        <Figure
          label={t("满意度", "Rating")}
          value={all.rating_mean === null ? "—" : all.rating_mean.toFixed(2)}
          note={t(`${all.ratings} 份评价`, `${all.ratings} ratings`)}
        />
      </div>
      <div className="dashboard-grid">
        <div>
          {all.opened === 0 ? (
            <section className="service-panel">
              <EmptyState text={t("这一期间没有工单。", "No ticket in this period.")} />
            </section>
          ) : (
            <>
              <section className="service-panel">
                <h2>{t("趋势", "Trend")}</h2>
                <Drawn height={230}>
                  <TrendChart data={data} />
                </Drawn>
              </section>
              <div className="dashboard-pair">
                <section className="service-panel">
                  <h2>{t("多久有人响应", "Time to answer")}</h2>
                  <Drawn height={190}>
                    <CurveChart data={data} which="response" />
                  </Drawn>
                </section>
                <section className="service-panel">
                  <h2>{t("多久办结", "Time to solution")}</h2>
                  <Drawn height={190}>
                    <CurveChart data={data} which="resolution" />
                  </Drawn>
                </section>
              </div>
            </>
          )}
        </div>
        <RunningClocks limit={9} />
      </div>
      {all.opened === 0 ? null : (
        <>
          <section className="service-panel">
            <Tabs
              size="small"
              items={[
                {
                  key: "item",
                  label: t("按系统", "By system"),
                  children: (
                    <LevelsTable
                      rows={data.by_item}
                      what={t("系统", "System")}
                      nameOf={(row) => itemName(row, t)}
                      open={(row) => set({ item: row.key ?? undefined })}
                    />
                  ),
                },
                {
                  key: "organisation",
                  label: t("按机构", "By institution"),
                  children: (
                    <LevelsTable
                      rows={data.by_organisation}
                      what={t("机构", "Institution")}
                      nameOf={(row) => row.name ?? "—"}
                      open={(row) => set({ organisation: row.key ?? undefined })}
                    />
                  ),
                },
                ...(data.by_engineer.length > 0
                  ? [
                      {
                        key: "engineer",
                        label: t("按工程师", "By engineer"),
                        children: (
                          <LevelsTable
                            rows={data.by_engineer}
                            what={t("工程师", "Engineer")}
                            nameOf={(row) => row.name ?? t("未指派", "Unassigned")}
                          />
                        ),
                      },
                    ]
                  : []),
              ]}
            />
          </section>
          <div className="dashboard-pair">
            <section className="service-panel">
              <h2>{t("主要原因", "Top causes")}</h2>
              {data.causes.length === 0 ? (
                <EmptyState text={t("还没有办结的工单。", "Nothing is solved yet.")} />
              ) : (
                <Drawn height={190}>
                  <CausesChart data={data} />
                </Drawn>
              )}
            </section>
            <section className="service-panel">
              <h2>{t("类别与渠道", "Classes and channels")}</h2>
              <div className="dashboard-pair">
                <Counts
                  rows={data.by_class.map((c) => [t(...word(CLASS_WORDS, c.name)), c.count])}
                  total={all.opened}
                />
                <Counts
                  rows={data.by_channel.map((c) => [t(...word(CHANNEL_WORDS, c.name)), c.count])}
                  total={all.opened}
                />
              </div>
            </section>
          </div>
        </>
      )}
      <p className="tm-muted">
        {t(
          "时长按自然时间从报障算起。及时率＝按时÷（按时＋超时），未到期的不计入；到期无人响应即计为超时。作废与超出合同范围的工单不计入。未办结的工单按删失处理（Kaplan–Meier）。",
          "Wall-clock time from the report. A share counts what was decided; a limit that passed unanswered is late. Open tickets are censored (Kaplan–Meier).",
        )}
      </p>
    </>
  );
}

type Text = readonly [zh: string, en: string];
type T = ReturnType<typeof useT>;

function word(words: Record<string, Text>, code: string): Text {
  return words[code] ?? [code, code];
}

function itemName(row: ServiceLevelOf, t: T): string {
  return row.key ? t(...itemWord(row.key)) : t("未分系统", "No system");
}

function Counts({ rows, total }: { rows: [string, number][]; total: number }) {
  return (
    <table className="service-table">
      <tbody>
        {rows.map(([name, count]) => (
          <tr key={name}>
            <td>{name}</td>
            <td className="end">{count}</td>
            <td className="end tm-muted">{percent(total > 0 ? count / total : null)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** All tables in one file, each line saying what it is of. */
function exportCsv(data: ServiceDashboard, t: T) {
  const line = (kind: string, name: string, { level }: Pick<ServiceLevelOf, "level">) => [
    kind,
    name,
    level.opened,
    level.open,
    level.response.met,
    level.response.late,
    level.handling.met,
    level.handling.late,
    level.response_median_s,
    level.resolution_median_s,
    level.resolution_p90_s,
    level.rating_mean,
    level.ratings,
  ];
  const header = [
    t("分组", "Group"),
    t("名称", "Name"),
    t("新开", "Opened"),
    t("未办结", "Open"),
    t("响应按时", "Answered in time"),
    t("响应超时", "Answered late"),
    t("办结按时", "Solved in time"),
    t("办结超时", "Solved late"),
    t("响应中位（秒）", "Median answer (s)"),
    t("办结中位（秒）", "Median solution (s)"),
    t("办结九成（秒）", "90% solution (s)"),
    t("满意度", "Rating"),
    t("评价数", "Ratings"),
  ];
  const rows = [
    line(t("全部", "All"), "", { level: data.all }),
    ...data.by_item.map((row) => line(t("系统", "System"), itemName(row, t), row)),
    ...data.by_organisation.map((row) => line(t("机构", "Institution"), row.name ?? "", row)),
    ...data.by_engineer.map((row) => line(t("工程师", "Engineer"), row.name ?? t("未指派", "Unassigned"), row)),
  ];
  download(`service-level-${data.from}-${data.to}.csv`, toCsv(header, rows));
}
