import { ArrowLeftOutlined, HistoryOutlined, QuestionCircleOutlined } from "@ant-design/icons";
import type { Exam } from "@tianmu/api/wire";
import { apart } from "@tianmu/ui/apart";
import { PatientBanner } from "@tianmu/ui/patient-banner";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useTraceDrawn } from "../../../app/trace-first";
import { DueClock } from "../components/due-clock";
import { TraceView } from "../components/trace-view";
import { NoRecording, RecordingWarnings } from "../components/recording-warnings";
import { StateTag, UrgencyTag } from "../components/tags";
import { withIntervals } from "../lib/report-draft";
import { useReportDraft } from "./use-report-draft";
import "./reading.css";

const ReadingDesk = apart(async () => (await import("./reading-desk")).ReadingDesk);

/** The reading station on one screen: whose trace, the trace, and beside it the desk where the report is written. */
export function ReadingScreen({ exam }: { exam: Exam }) {
  const t = useT();
  const navigate = useNavigate();
  const drawn = useTraceDrawn();
  const report = useReportDraft(exam);
  const { draft, change, mayEdit } = report;
  const [opened, setOpened] = useState<"history" | "help" | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const recordingId = chosen ?? (draft.recordingId || exam.recordings.at(-1)?.id);
  const recording = exam.recordings.find((each) => each.id === recordingId) ?? exam.recordings.at(-1);
  const back = () => navigate("/ecg/worklist");
  const emptyDesk = <aside className="reading-side" aria-busy="true" />;
  return (
    <div className="reading">
      <header className="reading-head">
        <Button
          type="text"
          icon={<ArrowLeftOutlined />}
          onClick={back}
          aria-label={t("返回工作台", "Back to the worklist")}
        />
        <div className="reading-banner">
          <PatientBanner
            dense
            patient={exam.patient}
            extra={
              <span className="reading-head-tags">
                <UrgencyTag urgency={exam.urgency} />
                <StateTag state={exam.state} />
                {exam.due_at ? <DueClock item={exam} /> : null}
                <span className="tm-muted tm-num">{exam.exam_number}</span>
              </span>
            }
          />
        </div>
        <Button type="text" icon={<HistoryOutlined />} onClick={() => setOpened("history")}>
          {t("流程", "History")}
        </Button>
        <Button
          type="text"
          icon={<QuestionCircleOutlined />}
          onClick={() => setOpened("help")}
          aria-label={t("快捷键说明", "Keyboard help")}
        />
      </header>
      <div className="reading-body">
        <section className="reading-trace" aria-label={t("心电波形", "ECG trace")}>
          {recording ? <RecordingWarnings recording={recording} /> : null}
          <div className="reading-viewer">
            {recording ? (
              <TraceView
                recording={recording}
                onFiducialsChange={
                  mayEdit
                    ? ({ intervals }) =>
                        change((old) => ({
                          edited: withIntervals(old.edited, { ...intervals }, recording.analysis?.global ?? null),
                        }))
                    : undefined
                }
              />
            ) : (
              <NoRecording />
            )}
          </div>
        </section>
        {drawn ? (
          <ReadingDesk
            placeholder={emptyDesk}
            exam={exam}
            report={report}
            recording={recording}
            onRecording={setChosen}
            opened={opened}
            onOpened={setOpened}
          />
        ) : (
          emptyDesk
        )}
      </div>
    </div>
  );
}
