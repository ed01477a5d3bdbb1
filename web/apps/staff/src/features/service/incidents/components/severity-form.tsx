import type { IncidentEvidence } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, InputNumber, Select } from "antd";
import { useJudgement } from "../api/use-judge-incident";
import { HARM_WORDS, IMPACT_WORDS, SEVERITY_COLOURS, SEVERITY_WORDS } from "../lib/words";

interface SeverityFormProps {
  value: IncidentEvidence;
  onChange: (value: IncidentEvidence) => void;
}

/** What happened, in the contract's own words, and the severity that they give. */
export function SeverityForm({ value, onChange }: SeverityFormProps) {
  const t = useT();
  const judged = useJudgement(value);
  const words = judged.data?.words.severity.find((s) => s.code === judged.data?.severity);
  const number = (field: "connected_institutions" | "primary_stopped" | "secondary_stopped", label: string) => (
    <div>
      <span className="tm-muted">{label}</span>
      <InputNumber
        aria-label={label}
        min={0}
        max={2000}
        precision={0}
        value={value[field]}
        onChange={(next) => onChange({ ...value, [field]: next ?? 0 })}
        style={{ width: "100%" }}
      />
    </div>
  );
  return (
    <>
      <div style={{ display: "grid", gridTemplateColumns: "1fr 1fr 1fr", gap: 12 }}>
        {number("connected_institutions", t("接入该系统的机构", "Institutions connected"))}
        {number("primary_stopped", t("业务中断：基层机构", "Stopped: primary"))}
        {number("secondary_stopped", t("业务中断：二级以上", "Stopped: secondary"))}
      </div>
      <div style={{ display: "grid", gridTemplateColumns: "1fr 1fr", gap: 12, marginTop: 10 }}>
        <div>
          <span className="tm-muted">{t("数据", "Data")}</span>
          <Select
            aria-label={t("数据", "Data")}
            value={value.data_harm ?? "none"}
            onChange={(next: string) => onChange({ ...value, data_harm: next })}
            style={{ width: "100%" }}
            options={Object.entries(HARM_WORDS).map(([key, text]) => ({ value: key, label: t(...text) }))}
          />
        </div>
        <div>
          <span className="tm-muted">{t("人工判断的影响", "Impact, as judged")}</span>
          <Select
            aria-label={t("人工判断的影响", "Impact, as judged")}
            value={value.impact ?? "slight"}
            onChange={(next: string) => onChange({ ...value, impact: next })}
            style={{ width: "100%" }}
            options={Object.entries(IMPACT_WORDS).map(([key, text]) => ({ value: key, label: t(...text) }))}
          />
        </div>
      </div>
      <div style={{ marginTop: 12 }}>
        {judged.isError ? (
          <ErrorState error={judged.error} />
        ) : judged.data ? (
          <Alert
            type={
              judged.data.severity === "S4"
                ? "info"
                : SEVERITY_COLOURS[judged.data.severity] === "red"
                  ? "error"
                  : "warning"
            }
            showIcon
            title={t(
              `按合同判定：${t(...(SEVERITY_WORDS[judged.data.severity] ?? ["", ""]))}`,
              `By the contract: ${judged.data.severity}`,
            )}
            description={
              <ul style={{ margin: 0, paddingInlineStart: 18 }}>
                {words?.words.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            }
          />
        ) : null}
      </div>
    </>
  );
}
