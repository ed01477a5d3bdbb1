import type { InspectionLine } from "@tianmu/api/wire";
import { type DataColumn, DataTable } from "@tianmu/ui/data-table";
import { dateTime, shortTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Link, useNavigate } from "react-router";
import { type InspectionFilter, useInspections } from "../api/use-inspections";
import { KIND_WORDS, STATE_WORDS } from "../lib/words";
import { DueTag, StateTag } from "./tags";

export function InspectionTable({ filter }: { filter: InspectionFilter }) {
  const t = useT();
  const navigate = useNavigate();
  const list = useInspections(filter);
  // Owed from the day on which the report was submitted.
  const paper = (line: InspectionLine) =>
    line.paper_due ? (line.paper_delivered_on ?? (line.submitted_at ? t("未交付", "owed") : "")) : "";
  const columns: DataColumn<InspectionLine>[] = [
    {
      key: "number",
      title: t("编号", "Number"),
      width: 150,
      render: (line) => (
        <Link to={`/service/inspections/${line.id}`} className="tm-num">
          {line.number}
        </Link>
      ),
      text: (line) => line.number,
    },
    {
      key: "kind",
      title: t("类别", "Kind"),
      width: 140,
      render: (line) => t(...KIND_WORDS[line.kind]),
      text: (line) => t(...KIND_WORDS[line.kind]),
    },
    {
      key: "due",
      title: t("应完成日期", "Due"),
      width: 190,
      render: (line) => (
        <>
          <span className="tm-num">{line.due}</span> <DueTag line={line} />
        </>
      ),
      text: (line) => line.due,
    },
    {
      key: "state",
      title: t("状态", "State"),
      width: 100,
      render: (line) => <StateTag state={line.state} />,
      text: (line) => t(...STATE_WORDS[line.state]),
    },
    {
      key: "assignee",
      title: t("巡检人", "Engineer"),
      width: 100,
      render: (line) => line.assignee_name ?? <span className="tm-muted">{t("未指派", "Unassigned")}</span>,
      text: (line) => line.assignee_name,
    },
    {
      key: "progress",
      title: t("完成项", "Items"),
      width: 100,
      align: "right",
      render: (line) => <span className="tm-num">{line.items === 0 ? "—" : `${line.answered} / ${line.items}`}</span>,
      text: (line) => (line.items === 0 ? "" : `${line.answered}/${line.items}`),
    },
    {
      key: "abnormal",
      title: t("异常", "Abnormal"),
      width: 70,
      align: "right",
      render: (line) => (
        <span className="tm-num" style={line.abnormal > 0 ? { color: "#a8071a" } : undefined}>
          {line.items === 0 ? "—" : line.abnormal}
        </span>
      ),
      text: (line) => line.abnormal,
    },
    {
      key: "findings",
      title: t("工单", "Tickets"),
      width: 70,
      align: "right",
      render: (line) => <span className="tm-num">{line.items === 0 ? "—" : line.findings}</span>,
      text: (line) => line.findings,
    },
    {
      key: "submitted",
      title: t("提交", "Submitted"),
      width: 110,
      render: (line) => (
        <span className="tm-num" title={dateTime(line.submitted_at)}>
          {shortTime(line.submitted_at)}
        </span>
      ),
      text: (line) => (line.submitted_at ? dateTime(line.submitted_at) : ""),
    },
    {
      key: "confirmed",
      title: t("确认", "Confirmed"),
      width: 110,
      render: (line) => (
        <span className="tm-num" title={dateTime(line.confirmed_at)}>
          {shortTime(line.confirmed_at)}
        </span>
      ),
      text: (line) => (line.confirmed_at ? dateTime(line.confirmed_at) : ""),
    },
    {
      key: "paper",
      title: t("纸质报告", "Paper"),
      width: 110,
      render: (line) => paper(line) || "—",
      text: paper,
    },
  ];
  return (
    <DataTable<InspectionLine>
      label={t("巡检列表", "Inspections")}
      list={list}
      rowKey={(line) => line.id}
      columns={columns}
      exportName={t("巡检", "inspections")}
      onOpen={(line) => navigate(`/service/inspections/${line.id}`)}
      empty={t("没有符合条件的巡检。", "No inspection matches.")}
      scrollX={1150}
    />
  );
}
