import type { EcgAction, Exam } from "@tianmu/api/wire";
import { apart } from "@tianmu/ui/apart";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { PatientBanner } from "@tianmu/ui/patient-banner";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useParams } from "react-router";
import { useNoTrace, useTraceDrawn } from "../../app/trace-first";
import { useExam } from "./api/use-exam";
import { RecordingWarnings } from "./components/recording-warnings";
import { StateTag, UrgencyTag } from "./components/tags";
import { TraceView } from "./components/trace-view";
import "./reading/reading.css";

// Built once the trace has been drawn, or where the exam needs them.
const ExamActions = apart(async () => (await import("./components/exam-actions")).ExamActions);
const ExamSide = apart(async () => (await import("./components/exam-side")).ExamSide);
const RecordingTabs = apart(async () => (await import("./components/recording-tabs")).RecordingTabs);
const UploadPanel = apart(async () => (await import("./components/upload-panel")).UploadPanel);

export function Page() {
  const t = useT();
  const { id = "" } = useParams();
  const exam = useExam(id);
  useNoTrace(exam.isError || exam.data?.recordings.length === 0);
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
  const drawn = useTraceDrawn();
  const [again, setAgain] = useState(false);
  const [recordingId, setRecordingId] = useState<string | null>(null);
  const may = (action: EcgAction) => exam.allowed_actions.includes(action);
  const recording = exam.recordings.find((each) => each.id === recordingId) ?? exam.recordings.at(-1);
  const actionsRoom = <span className="exam-actions-room" />;
  const sideRoom = <aside className="exam-side" aria-busy="true" />;
  return (
    <>
      <PatientBanner
        patient={exam.patient}
        dense
        extra={drawn ? <ExamActions exam={exam} placeholder={actionsRoom} /> : actionsRoom}
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
                <RecordingTabs
                  recordings={exam.recordings}
                  chosen={recording.id}
                  onChoose={setRecordingId}
                  placeholder={<div className="exam-tabs-room" />}
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
        {drawn ? <ExamSide exam={exam} recording={recording} placeholder={sideRoom} /> : sideRoom}
      </div>
    </>
  );
}
