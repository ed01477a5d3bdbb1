import type { IncidentEvidence } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { InputNumber, Select, Tag } from "antd";
import { useJudgement } from "../api/use-judge-incident";
import "./severity-form.css";
import { HARM_WORDS, IMPACT_WORDS, SEVERITY_COLOURS, SEVERITY_WORDS } from "../lib/words";

interface SeverityFormProps {
  value: IncidentEvidence;
  onChange: (value: IncidentEvidence) => void;
}

/** What happened, in the contract's own words, and the severity that they give. */
export function SeverityForm({ value, onChange }: SeverityFormProps) {
  const t = useT();
  const judged = useJudgement(value);
  const lang = useLang();
  const derivation = judged.data?.derivation;
  const reasons = (lang === "zh" ? derivation?.steps_zh : derivation?.steps) ?? [];
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
          <>
            <div aria-live="polite" className="incident-judged">
              <b>{t("按合同判定：", "By the contract: ")}</b>
              <Tag color={SEVERITY_COLOURS[judged.data.severity]}>
                {t(...(SEVERITY_WORDS[judged.data.severity] ?? ["", ""]))}
              </Tag>
              <span>{reasons.map((step) => step.replace(/^S\d: /, "")).join("；")}</span>
            </div>
            <dl className="incident-words" aria-label={t("合同原文", "The contract's words")}>
              {judged.data.words.severity.map((severity) => (
                <div key={severity.code} className={severity.code === judged.data.severity ? "chosen" : ""}>
                  <dt>{t(...(SEVERITY_WORDS[severity.code] ?? [severity.code, severity.code]))}</dt>
                  <dd>{severity.words.join("；")}</dd>
                </div>
              ))}
            </dl>
          </>
        ) : null}
      </div>
    </>
  );
}
