import type { ServiceLevelOf } from "@tianmu/api/wire";
import { span } from "@tianmu/ui/lib/time";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { Button, Table, type TableColumnType } from "antd";
import { percent, share } from "../lib/figures";

interface LevelsTableProps {
  rows: ServiceLevelOf[];
  what: string;
  nameOf: (row: ServiceLevelOf) => string;
  /** Looks closer at one row. */
  open?: (row: ServiceLevelOf) => void;
}

/** Levels side by side; each column sorts. */
export function LevelsTable({ rows, what, nameOf, open }: LevelsTableProps) {
  const t = useT();
  const lang = useLang();
  const time = (seconds: number | null | undefined) =>
    seconds === null || seconds === undefined ? "—" : span(seconds, lang);
  const number = (
    title: string,
    value: (row: ServiceLevelOf) => number | null,
    shown: (row: ServiceLevelOf) => string,
  ) =>
    ({
      title,
      align: "right",
      className: "tm-num",
      sorter: (a, b) => (value(a) ?? -1) - (value(b) ?? -1),
      sortDirections: ["descend", "ascend"],
      render: (_, row) => shown(row),
    }) satisfies TableColumnType<ServiceLevelOf>;
  const kept = (title: string, clock: "response" | "handling") =>
    ({
      ...number(
        title,
        (r) => share(r.level[clock]),
        (r) => percent(share(r.level[clock])),
      ),
      render: (_, { level }) => (
        <span
          title={t(
            `按时 ${level[clock].met}，超时 ${level[clock].late}`,
            `${level[clock].met} kept, ${level[clock].late} late`,
          )}
        >
          {percent(share(level[clock]))}
          {level[clock].late > 0 ? (
            <span className="service-late"> {t(`超时${level[clock].late}`, `${level[clock].late} late`)}</span>
          ) : null}
        </span>
      ),
    }) satisfies TableColumnType<ServiceLevelOf>;
  const columns: TableColumnType<ServiceLevelOf>[] = [
    {
      title: what,
      render: (_, row) =>
        open && row.key ? (
          <Button type="link" size="small" style={{ padding: 0 }} onClick={() => open(row)}>
            {nameOf(row)}
          </Button>
        ) : (
          nameOf(row)
        ),
      sorter: (a, b) => nameOf(a).localeCompare(nameOf(b), "zh"),
    },
    number(
      t("新开", "Opened"),
      (r) => r.level.opened,
      (r) => String(r.level.opened),
    ),
    number(
      t("未办结", "Open"),
      (r) => r.level.open,
      (r) => String(r.level.open),
    ),
    kept(t("响应及时率", "Answered in time"), "response"),
    kept(t("办结及时率", "Solved in time"), "handling"),
    number(
      t("响应中位", "Median answer"),
      (r) => r.level.response_median_s,
      (r) => time(r.level.response_median_s),
    ),
    number(
      t("办结中位", "Median solution"),
      (r) => r.level.resolution_median_s,
      (r) => time(r.level.resolution_median_s),
    ),
    number(
      t("办结九成", "90% solved"),
      (r) => r.level.resolution_p90_s,
      (r) => time(r.level.resolution_p90_s),
    ),
    number(
      t("满意度", "Rating"),
      (r) => r.level.rating_mean,
      (r) => (r.level.rating_mean === null ? "—" : `${r.level.rating_mean.toFixed(2)}（${r.level.ratings}）`),
    ),
  ];
  return (
    <Table<ServiceLevelOf>
      size="small"
      aria-label={what}
      columns={columns}
      dataSource={rows}
      rowKey={(row) => row.key ?? "none"}
      pagination={rows.length > 20 ? { pageSize: 20, showSizeChanger: false, size: "small" } : false}
      scroll={{ x: 860 }}
    />
  );
}
