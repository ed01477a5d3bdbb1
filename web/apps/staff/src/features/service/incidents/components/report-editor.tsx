import type { Incident, IncidentReport } from "@tianmu/api/wire";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button, Input, Select } from "antd";
import { useEffect, useRef, useState } from "react";

interface ReportEditorProps {
  incident: Incident;
  causes: { code: string; name_zh: string; name_en: string }[];
  save: (report: IncidentReport) => Promise<unknown>;
  submit: (report: IncidentReport) => Promise<unknown>;
}

const PARTS = [
  ["cause", "一、事件原因", "1. Cause"],
  ["analysis", "二、原因分析", "2. Analysis"],
  ["handling", "三、处置过程", "3. Handling"],
  ["prevention", "四、防范措施", "4. Prevention"],
] as const;

/** The four-part report: edited with a draft that is kept, read afterwards. */
export function ReportEditor({ incident, causes, save, submit }: ReportEditorProps) {
  const t = useT();
  const { message } = App.useApp();
  const words = useErrorText();
  const editable = incident.allowed_actions.includes("save_report");
  const [report, setReport] = useState<IncidentReport>(
    (editable ? (incident.report_draft ?? incident.report) : incident.report) ?? {},
  );
  const [kept, setKept] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (part: Partial<IncidentReport>) => {
    const next = { ...report, ...part };
    setReport(next);
    setKept(false);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      save(next).then(
        () => setKept(true),
        (error: unknown) => message.error(words(error).text),
      );
    }, 1500);
  };
  const send = async () => {
    clearTimeout(timer.current);
    try {
      await submit(report);
      message.success(t("报告已提交", "Report submitted"));
    } catch (error) {
      const { text, fields } = words(error);
      message.error(fields[0] ?? text);
    }
  };
  if (!editable && !incident.report) return null;
  return (
    <section className="service-panel">
      <h2>
        {t("事件报告", "Report")}
        {editable ? (
          <span className="tm-muted" style={{ fontWeight: 400, marginInlineStart: 8 }}>
            {kept ? t("草稿已保存", "Draft kept") : t("保存中…", "Saving…")}
          </span>
        ) : null}
      </h2>
      {PARTS.map(([part, zh, en]) => (
        <div key={part} style={{ marginBottom: 8 }}>
          <div className="tm-muted">{t(zh, en)}</div>
          {editable ? (
            <Input.TextArea
              aria-label={t(zh, en)}
              autoSize={{ minRows: 2 }}
              maxLength={8000}
              value={report[part] ?? ""}
              onChange={(event) => change({ [part]: event.target.value })}
            />
          ) : (
            <div className="tm-pre">{report[part]}</div>
          )}
        </div>
      ))}
      {editable ? (
        <div style={{ display: "flex", gap: 8, alignItems: "center" }}>
          <Select
            style={{ width: 220 }}
            placeholder={t("原因分类", "Category of the cause")}
            aria-label={t("原因分类", "Category of the cause")}
            value={report.cause_code ?? undefined}
            onChange={(value: string) => change({ cause_code: value })}
            options={causes.map((c) => ({ value: c.code, label: t(c.name_zh, c.name_en) }))}
          />
          <Button
            type="primary"
            disabled={!incident.allowed_actions.includes("submit_report")}
            onClick={() => void send()}
          >
            {t("提交报告", "Submit report")}
          </Button>
          {incident.state === "handling" ? (
            <span className="tm-muted">{t("恢复后方可提交", "After the restoration")}</span>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}
