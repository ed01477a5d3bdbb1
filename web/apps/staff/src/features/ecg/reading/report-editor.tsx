import { useT } from "@tianmu/ui/lib/use-lang";
import { Checkbox, Input } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { type Ref, useImperativeHandle, useRef } from "react";
import type { Draft } from "../lib/report-draft";

export interface ReportEditorHandle {
  focusFindings: () => void;
  focusConclusion: () => void;
}

interface ReportEditorProps {
  ref?: Ref<ReportEditorHandle>;
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
}

export function ReportEditor({ ref, draft, onChange }: ReportEditorProps) {
  const t = useT();
  const findings = useRef<TextAreaRef>(null);
  const conclusion = useRef<TextAreaRef>(null);
  useImperativeHandle(ref, () => ({
    focusFindings: () => findings.current?.focus({ cursor: "end" }),
    focusConclusion: () => conclusion.current?.focus({ cursor: "end" }),
  }));
  return (
    <div>
      <label htmlFor="report-findings" style={{ fontWeight: 600 }}>
        {t("心电图所见", "Findings")}
      </label>
      <Input.TextArea
        id="report-findings"
        ref={findings}
        value={draft.findings}
        onChange={(event) => onChange({ findings: event.target.value })}
        autoSize={{ minRows: 3, maxRows: 5 }}
        maxLength={2000}
        style={{ margin: "2px 0 6px" }}
      />
      <div style={{ display: "flex", alignItems: "center" }}>
        <label htmlFor="report-conclusion" style={{ fontWeight: 600 }}>
          {t("诊断结论", "Conclusion")}
        </label>
        <span className="tm-muted" style={{ fontSize: 12, marginInlineStart: 6 }}>
          {t("每行一条", "one a line")}
        </span>
        <Checkbox
          checked={draft.abnormal}
          onChange={(event) => onChange({ abnormal: event.target.checked })}
          style={{ marginInlineStart: "auto" }}
        >
          {t("异常心电图", "Abnormal ECG")}
        </Checkbox>
      </div>
      <Input.TextArea
        id="report-conclusion"
        ref={conclusion}
        value={draft.conclusion}
        onChange={(event) => onChange({ conclusion: event.target.value })}
        autoSize={{ minRows: 3, maxRows: 6 }}
        maxLength={1000}
        style={{ margin: "2px 0 4px", fontWeight: 600 }}
      />
    </div>
  );
}
