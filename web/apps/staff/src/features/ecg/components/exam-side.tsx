import type { Exam, Recording } from "@tianmu/api/wire";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Descriptions } from "antd";
import { reads } from "../lib/next-step";
import { RecordingFacts } from "./recording-facts";
import { ReportView } from "./report-view";
import { Statements } from "./statements";

/** Beside the trace of an exam: its report, what the machine says, the request and the recording. */
export function ExamSide({ exam, recording }: { exam: Exam; recording: Recording | undefined }) {
  const t = useT();
  return (
    <aside className="exam-side">
      {exam.report && (exam.report.state !== "draft" || reads(exam)) ? (
        <div className="tm-panel" style={{ padding: 12 }}>
          <ReportView report={exam.report} />
        </div>
      ) : null}
      {recording?.analysis ? (
        <div className="tm-panel" style={{ padding: 12 }}>
          <h3 style={{ margin: "0 0 6px", fontSize: 14 }}>
            {t("自动分析提示（未经医师确认）", "Machine reading (not confirmed)")}
          </h3>
          <Statements statements={recording.analysis.statements} />
        </div>
      ) : recording?.analysis_state === "pending" ? (
        <div className="tm-panel tm-muted" style={{ padding: 12 }}>
          {t("正在自动分析…", "Analysing…")}
        </div>
      ) : null}
      <div className="tm-panel" style={{ padding: 12 }}>
        <h3 style={{ margin: "0 0 6px", fontSize: 14 }}>{t("申请信息", "Request")}</h3>
        <Descriptions
          size="small"
          column={1}
          items={[
            { key: "organisation", label: t("检查机构", "From"), children: exam.organisation.name },
            {
              key: "registered",
              label: t("登记", "Registered"),
              children: `${dateTime(exam.registered_at)} ${exam.registered_by.name}`,
            },
            { key: "symptoms", label: t("症状", "Symptoms"), children: exam.symptoms.join("、") || "—" },
            {
              key: "note",
              label: t("临床信息", "Clinical note"),
              children: <span className="tm-pre">{exam.clinical_note ?? "—"}</span>,
            },
            {
              key: "requester",
              label: t("申请", "Requested by"),
              children: [exam.requesting_department, exam.requester_name, exam.bed].filter(Boolean).join(" · ") || "—",
            },
          ]}
        />
      </div>
      {recording ? (
        <div className="tm-panel" style={{ padding: 12 }}>
          <h3 style={{ margin: "0 0 6px", fontSize: 14 }}>{t("采集信息", "Recording")}</h3>
          <RecordingFacts recording={recording} />
        </div>
      ) : null}
    </aside>
  );
}
