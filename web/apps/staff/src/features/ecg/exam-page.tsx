import { FilePdfOutlined, HistoryOutlined } from "@ant-design/icons";
import type { EcgAction, Exam } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { PatientBanner } from "@tianmu/ui/patient-banner";
import { ReasonDialog } from "@tianmu/ui/reason-dialog";
import { dateTime } from "@tianmu/ui/lib/time";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, App, Button, Descriptions, Tabs } from "antd";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { useExam } from "./api/use-exam";
import { useSubmitExam } from "./api/use-submit-exam";
import { useVoidExam } from "./api/use-void-exam";
import { useWithdrawExam } from "./api/use-withdraw-exam";
import { EditExam } from "./components/edit-exam";
import { PdfDialog } from "./components/pdf-dialog";
import { RecordingFacts } from "./components/recording-facts";
import { RecordingWarnings } from "./components/recording-warnings";
import { ReportView } from "./components/report-view";
import { Statements } from "./components/statements";
import { StateTag, UrgencyTag } from "./components/tags";
import { TimelineDrawer } from "./components/timeline-drawer";
import { TraceView } from "./components/trace-view";
import { UploadPanel } from "./components/upload-panel";
import "./reading/reading.css";

export function Page() {
  const t = useT();
  const { id = "" } = useParams();
  const exam = useExam(id);
  if (exam.isError && !exam.data) return <ErrorState error={exam.error} onRetry={() => void exam.refetch()} />;
  if (!exam.data) return <LoadingState rows={10} />;
  return (
    <>
      <PageHeader
        title={t("心电检查", "ECG exam")}
        note={
          <>
            <span className="tm-num">{exam.data.exam_number}</span>　<StateTag state={exam.data.state} />
            {"　"}
            <UrgencyTag urgency={exam.data.urgency} />
          </>
        }
      />
      <ExamBody key={exam.data.id} exam={exam.data} />
    </>
  );
}

function ExamBody({ exam }: { exam: Exam }) {
  const t = useT();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const words = useErrorText();
  const submit = useSubmitExam();
  const voidExam = useVoidExam();
  const withdraw = useWithdrawExam();
  const [drawer, setDrawer] = useState(false);
  const [dialog, setDialog] = useState<"void" | "withdraw" | "edit" | null>(null);
  const [pdf, setPdf] = useState<number | null | undefined>(undefined);
  const [again, setAgain] = useState(false);
  const [recordingId, setRecordingId] = useState<string | null>(null);
  const may = (action: EcgAction) => exam.allowed_actions.includes(action);
  const recording = exam.recordings.find((each) => each.id === recordingId) ?? exam.recordings.at(-1);
  const close = () => setDialog(null);
  const send = async () => {
    try {
      await submit.mutateAsync(exam.id);
      message.success(t("已提交，诊断中心会看到这例检查", "Submitted: the diagnosis centre sees it now"));
    } catch (error) {
      message.error(words(error).text);
    }
  };
  const reads = may("claim") || may("claim_review") || may("save_report") || may("approve");
  return (
    <>
      <PatientBanner
        patient={exam.patient}
        dense
        extra={
          <>
            <Button icon={<HistoryOutlined />} onClick={() => setDrawer(true)}>
              {t("流程与版本", "History")}
            </Button>
            {exam.report?.pdf_ready ? (
              <Button icon={<FilePdfOutlined />} onClick={() => setPdf(null)}>
                {t("报告 PDF", "Report PDF")}
              </Button>
            ) : null}
            {reads ? (
              <Link to={`/ecg/read/${exam.id}`}>
                <Button>{t("打开判读界面", "Reading screen")}</Button>
              </Link>
            ) : null}
            {may("edit_registration") ? (
              <Button onClick={() => setDialog("edit")}>{t("修改申请", "Edit request")}</Button>
            ) : null}
            {may("void") ? (
              <Button danger onClick={() => setDialog("void")}>
                {t("作废", "Void")}
              </Button>
            ) : null}
            {may("withdraw") ? (
              <Button danger onClick={() => setDialog("withdraw")}>
                {t("撤回报告", "Withdraw report")}
              </Button>
            ) : null}
            {may("submit") ? (
              <Button type="primary" loading={submit.isPending} onClick={() => void send()}>
                {t("提交判读", "Submit")}
              </Button>
            ) : null}
          </>
        }
      />
      {exam.state === "retake_requested" ? (
        <Alert
          type="warning"
          showIcon
          style={{ marginTop: 10 }}
          title={t(
            `诊断中心要求重新采集：${exam.retake_reason ?? ""}`,
            `Retake requested: ${exam.retake_reason ?? ""}`,
          )}
        />
      ) : null}
      {exam.returned && exam.returned_reason && exam.state !== "published" ? (
        <Alert
          type="warning"
          showIcon
          style={{ marginTop: 10 }}
          title={t(`审核退回：${exam.returned_reason}`, `Returned: ${exam.returned_reason}`)}
        />
      ) : null}
      <div className="exam-columns">
        <div style={{ minWidth: 0 }}>
          {may("upload") ? (
            <div className="tm-panel" style={{ padding: 12, marginBottom: 10 }}>
              {exam.recordings.length > 0 && exam.state === "acquired" && !again ? (
                <span>
                  {t("心电数据已上传，核对波形无误后请提交判读。", "Uploaded. Check the trace, then submit.")}{" "}
                  <Button size="small" onClick={() => setAgain(true)}>
                    {t("重新采集上传", "Upload another")}
                  </Button>
                </span>
              ) : (
                <UploadPanel
                  exam={exam}
                  onUploaded={() => {
                    setRecordingId(null);
                    setAgain(false);
                  }}
                />
              )}
            </div>
          ) : null}
          {recording ? (
            <div className="tm-panel" style={{ overflow: "hidden" }}>
              {exam.recordings.length > 1 ? (
                <Tabs
                  size="small"
                  style={{ padding: "0 12px" }}
                  activeKey={recording.id}
                  onChange={setRecordingId}
                  items={exam.recordings.map((each, n) => ({
                    key: each.id,
                    label: t(`第 ${n + 1} 次采集`, `Recording ${n + 1}`),
                  }))}
                />
              ) : null}
              <RecordingWarnings recording={recording} />
              <div className="exam-trace">
                <TraceView recording={recording} />
              </div>
            </div>
          ) : may("upload") ? null : (
            <div className="tm-panel tm-muted" style={{ padding: 24 }}>
              {t("还没有心电数据。", "No recording yet.")}
            </div>
          )}
        </div>
        <aside className="exam-side">
          {exam.report && (exam.report.state !== "draft" || reads) ? (
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
                  children:
                    [exam.requesting_department, exam.requester_name, exam.bed].filter(Boolean).join(" · ") || "—",
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
      </div>
      <TimelineDrawer exam={exam} open={drawer} onClose={() => setDrawer(false)} onPdf={setPdf} />
      <PdfDialog examId={exam.id} version={pdf} onClose={() => setPdf(undefined)} />
      {dialog === "edit" ? <EditExam exam={exam} onClose={close} /> : null}
      <ReasonDialog
        open={dialog === "void"}
        danger
        title={t("作废检查", "Void the exam")}
        explain={t("作废后不能再判读，记录会保留。", "It can no longer be read; the record is kept.")}
        okText={t("作废", "Void")}
        suggestions={[
          t("患者选错", "Wrong patient"),
          t("重复登记", "Registered twice"),
          t("患者拒绝检查", "Patient declined"),
        ]}
        onCancel={close}
        onConfirm={async (reason) => {
          await voidExam.mutateAsync({ id: exam.id, reason });
          close();
        }}
      />
      <ReasonDialog
        open={dialog === "withdraw"}
        danger
        title={t("撤回已发布的报告", "Withdraw the published report")}
        explain={t(
          "居民和医疗机构将看到报告已撤回；重新判读后以新版本发布。",
          "Everybody sees it as withdrawn; a new version follows after another reading.",
        )}
        okText={t("撤回报告", "Withdraw")}
        suggestions={[t("结论有误", "Wrong conclusion"), t("患者信息有误", "Wrong patient data")]}
        onCancel={close}
        onConfirm={async (reason) => {
          await withdraw.mutateAsync({ id: exam.id, reason });
          close();
          navigate(`/ecg/read/${exam.id}`);
        }}
      />
    </>
  );
}
