import type { ExamItem } from "@tianmu/api/wire";
import { type DataColumn, DataTable } from "@tianmu/ui/data-table";
import { dateTime, shortTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import type { ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import { type ExamFilter, useExams } from "../api/use-exams";
import { STATE_WORDS, URGENCY_WORDS } from "../lib/words";
import { PatientCell } from "./patient-cell";
import { StateTag, UrgencyTag } from "./tags";

interface ExamTableProps {
  filter: ExamFilter;
  hidePatient?: boolean;
  exportName?: string;
  empty?: ReactNode;
}

export function ExamTable({ filter, hidePatient, exportName, empty }: ExamTableProps) {
  const t = useT();
  const navigate = useNavigate();
  const list = useExams(filter);
  const patient: DataColumn<ExamItem> = {
    key: "patient",
    title: t("患者", "Patient"),
    width: 150,
    render: (item) => <PatientCell patient={item.patient} />,
    text: (item) => `${item.patient.name} ${item.patient.age_text}`,
  };
  const columns: DataColumn<ExamItem>[] = [
    {
      key: "number",
      title: t("检查号", "Exam"),
      width: 160,
      render: (item) => (
        <Link to={`/ecg/exams/${item.id}`} className="tm-num">
          {item.exam_number}
        </Link>
      ),
      text: (item) => item.exam_number,
    },
    {
      key: "urgency",
      title: t("级别", "Level"),
      width: 64,
      render: (item) => <UrgencyTag urgency={item.urgency} />,
      text: (item) => t(...URGENCY_WORDS[item.urgency]),
    },
    ...(hidePatient ? [] : [patient]),
    {
      key: "organisation",
      title: t("检查机构", "From"),
      width: 140,
      ellipsis: true,
      render: (item) => item.organisation.name,
      text: (item) => item.organisation.name,
    },
    {
      key: "registered",
      title: t("登记时间", "Registered"),
      width: 110,
      render: (item) => (
        <span className="tm-num" title={dateTime(item.registered_at)}>
          {shortTime(item.registered_at)}
        </span>
      ),
      text: (item) => dateTime(item.registered_at),
    },
    {
      key: "conclusion",
      title: t("结论 / 提示", "Conclusion"),
      ellipsis: true,
      render: (item) => <span style={item.abnormal ? { color: "#a8071a" } : undefined}>{item.conclusion ?? "—"}</span>,
      text: (item) => item.conclusion,
    },
    {
      key: "rate",
      title: t("心率", "Rate"),
      width: 60,
      align: "right",
      render: (item) => (
        <span className="tm-num">{item.heart_rate_bpm === null ? "—" : Math.round(item.heart_rate_bpm)}</span>
      ),
      text: (item) => item.heart_rate_bpm,
    },
    {
      key: "state",
      title: t("状态", "State"),
      width: 90,
      render: (item) => <StateTag state={item.state} />,
      text: (item) => t(...STATE_WORDS[item.state]),
    },
    {
      key: "published",
      title: t("发布时间", "Published"),
      width: 110,
      render: (item) => (
        <span className="tm-num" title={dateTime(item.published_at)}>
          {shortTime(item.published_at)}
        </span>
      ),
      text: (item) => (item.published_at ? dateTime(item.published_at) : ""),
    },
  ];
  return (
    <DataTable<ExamItem>
      label={t("检查列表", "Exams")}
      list={list}
      rowKey={(item) => item.id}
      columns={columns}
      exportName={exportName}
      onOpen={(item) => navigate(`/ecg/exams/${item.id}`)}
      empty={empty ?? t("没有检查。", "No exams.")}
    />
  );
}
