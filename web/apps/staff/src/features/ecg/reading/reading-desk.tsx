import type { Exam, Recording } from "@tianmu/api/wire";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Button, Select, Tabs, Tag } from "antd";
import { useCallback, useRef, useState } from "react";
import { useUnsavedGuard } from "../../../app/use-unsaved-guard";
import { useMe } from "../../session/session-context";
import { MeasurementTable } from "../components/measurement-table";
import { PdfDialog } from "../components/pdf-dialog";
import { RecordingFacts } from "../components/recording-facts";
import { ReportView } from "../components/report-view";
import { Statements } from "../components/statements";
import { TimelineDrawer } from "../components/timeline-drawer";
import { withPhrase } from "../lib/report-draft";
import { ActionBar } from "./action-bar";
import { ClaimClock } from "./claim-clock";
import { ClinicalInfo } from "./clinical-info";
import { HelpSheet } from "./help-sheet";
import { PhraseLibrary } from "./phrase-library";
import { PreviousExams } from "./previous-exams";
import { ReportEditor, type ReportEditorHandle } from "./report-editor";
import { SaveIndicator } from "./save-indicator";
import { useReadingKeys } from "./use-reading-keys";
import type { useReportDraft } from "./use-report-draft";

type Tab = "statements" | "measurements" | "phrases" | "previous" | "recording";

interface ReadingDeskProps {
  exam: Exam;
  report: ReturnType<typeof useReportDraft>;
  recording: Recording | undefined;
  onRecording: (id: string) => void;
  /** What the buttons above the trace open. */
  opened: "history" | "help" | null;
  onOpened: (what: "history" | "help" | null) => void;
}

/** Beside the trace: everything needed to write, sign or review the report. Built once the trace has been drawn. */
export function ReadingDesk({ exam, report, recording, onRecording, opened, onOpened }: ReadingDeskProps) {
  const t = useT();
  const me = useMe();
  const { draft, change, mayEdit } = report;
  const [tab, setTab] = useState<Tab>("statements");
  const [pdf, setPdf] = useState<number | null | undefined>(undefined);
  const editor = useRef<ReportEditorHandle>(null);
  const phraseSearch = useRef<HTMLInputElement>(null);
  const actions = useRef<{ primary: () => void } | null>(null);
  const leave = useUnsavedGuard(mayEdit && report.state !== "saved");
  const takePhrase = useCallback(
    (text: string, abnormal?: boolean) =>
      change((old) => ({ conclusion: withPhrase(old.conclusion, text), ...(abnormal ? { abnormal: true } : {}) })),
    [change],
  );
  useReadingKeys({
    save: () => void report.flush(),
    primary: () => actions.current?.primary(),
    findings: () => editor.current?.focusFindings(),
    conclusion: () => editor.current?.focusConclusion(),
    phrases: () => {
      setTab("phrases");
      setTimeout(() => phraseSearch.current?.focus(), 0);
    },
    measurements: () => setTab("measurements"),
    statements: () => setTab("statements"),
    history: () => onOpened(opened === "history" ? null : "history"),
    help: () => onOpened("help"),
  });
  const holder =
    exam.claimed_by && exam.claimed_by.id !== me.account_id && exam.claimed_by.id !== me.staff_id
      ? exam.claimed_by.name
      : null;
  const reviewing = exam.state === "reviewing" || exam.state === "awaiting_review";
  return (
    <>
      <aside className="reading-side" aria-label={t("判读与报告", "Reading and report")}>
        <ClinicalInfo exam={exam} />
        {exam.recordings.length > 1 ? (
          <Select<string>
            size="small"
            aria-label={t("采集", "Recording")}
            value={recording?.id}
            onChange={(id) => {
              onRecording(id);
              if (mayEdit) change({ recordingId: id });
            }}
            options={exam.recordings.map((each, n) => ({
              value: each.id,
              label: t(
                `第 ${n + 1} 次采集${each.id === draft.recordingId ? "（报告所用）" : ""}`,
                `Recording ${n + 1}`,
              ),
            }))}
            style={{ width: "100%", marginBottom: 4 }}
          />
        ) : null}
        <Tabs
          size="small"
          className="reading-tabs"
          activeKey={tab}
          onChange={(key) => setTab(key as Tab)}
          items={[
            {
              key: "statements",
              label: t("自动提示", "Machine"),
              children: recording?.analysis ? (
                <Statements
                  statements={recording.analysis.statements}
                  onUse={mayEdit ? (text) => takePhrase(text) : undefined}
                />
              ) : (
                <p className="tm-muted">
                  {recording?.analysis_state === "pending"
                    ? t("正在自动分析…", "Analysing…")
                    : t("没有自动分析结果。", "No analysis.")}
                </p>
              ),
            },
            {
              key: "measurements",
              label: t("测量值", "Values"),
              children: (
                <MeasurementTable
                  machine={recording?.analysis?.global ?? null}
                  edited={draft.edited}
                  onChange={mayEdit ? (edited) => change({ edited }) : undefined}
                />
              ),
            },
            ...(mayEdit
              ? [
                  {
                    key: "phrases",
                    label: t("短语", "Phrases"),
                    children: (
                      <PhraseLibrary searchRef={phraseSearch} onUse={takePhrase} currentConclusion={draft.conclusion} />
                    ),
                  },
                ]
              : []),
            {
              key: "previous",
              label:
                exam.previous_exams.length > 0
                  ? t(`既往 ${exam.previous_exams.length}`, `Earlier ${exam.previous_exams.length}`)
                  : t("既往", "Earlier"),
              children: <PreviousExams exam={exam} />,
            },
            {
              key: "recording",
              label: t("采集", "Recording"),
              children: recording ? <RecordingFacts recording={recording} /> : null,
            },
          ]}
        />
        <div className="reading-report">
          {holder ? (
            <Alert
              type="warning"
              showIcon
              title={t(`${holder} 正在处理，您在只读查看`, `${holder} is working on it: read-only`)}
              style={{ padding: "4px 10px", marginBottom: 6 }}
            />
          ) : null}
          {exam.returned && exam.returned_reason && !reviewing && exam.state !== "published" ? (
            <Alert
              type="error"
              showIcon
              title={t(`审核退回：${exam.returned_reason}`, `Returned: ${exam.returned_reason}`)}
              style={{ padding: "4px 10px", marginBottom: 6 }}
            />
          ) : null}
          {mayEdit ? (
            <ReportEditor ref={editor} draft={draft} onChange={change} />
          ) : exam.report ? (
            <ReportView report={exam.report} />
          ) : (
            <p className="tm-muted">{t("接诊后即可书写报告。", "Claim the exam to write the report.")}</p>
          )}
        </div>
        <footer className="reading-actions">
          <div className="reading-status">
            {mayEdit ? (
              <SaveIndicator
                state={report.state}
                savedAt={report.savedAt}
                error={report.error}
                onRetry={() => void report.flush()}
              />
            ) : null}
            <ClaimClock exam={exam} />
            {exam.report?.pdf_ready ? (
              <Button size="small" onClick={() => setPdf(null)}>
                PDF
              </Button>
            ) : null}
            {exam.report && exam.report.version > 1 ? (
              <Tag>{t(`第 ${exam.report.version} 版`, `v${exam.report.version}`)}</Tag>
            ) : null}
          </div>
          <ActionBar
            exam={exam}
            report={report}
            handle={actions}
            leave={leave}
            onMissing={(what) =>
              what === "findings" ? editor.current?.focusFindings() : editor.current?.focusConclusion()
            }
          />
        </footer>
      </aside>
      <TimelineDrawer exam={exam} open={opened === "history"} onClose={() => onOpened(null)} onPdf={setPdf} />
      <PdfDialog examId={exam.id} version={pdf} onClose={() => setPdf(undefined)} />
      <HelpSheet open={opened === "help"} onClose={() => onOpened(null)} />
    </>
  );
}
