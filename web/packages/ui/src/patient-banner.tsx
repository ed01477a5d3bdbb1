import type { PatientBrief } from "@tianmu/api/wire";
import { Tag } from "antd";
import type { ReactNode } from "react";
import { useT } from "./lib/use-lang";
import { sexText } from "./patient-words";

interface PatientBannerProps {
  patient: PatientBrief;
  extra?: ReactNode;
  dense?: boolean;
}

/** Who this is about, always in the same place and order: name, sex, age, then what tells namesakes apart. */
export function PatientBanner({ patient, extra, dense }: PatientBannerProps) {
  const t = useT();
  return (
    <section
      aria-label={t("患者信息", "Patient")}
      className="tm-panel"
      style={{
        display: "flex",
        alignItems: "center",
        gap: dense ? 14 : 20,
        padding: dense ? "6px 12px" : "12px 16px",
        borderInlineStart: "4px solid #0b63a5",
        flexWrap: "wrap",
      }}
    >
      <strong style={{ fontSize: dense ? 16 : 20 }}>{patient.name}</strong>
      <span>
        {sexText(patient.sex, t)}　{patient.age_text}
      </span>
      <Fact label={t("出生", "Born")} value={patient.birth_date} />
      <Fact label={t("证件", "ID")} value={patient.identifier_masked} />
      {dense ? null : <Fact label={t("电话", "Phone")} value={patient.phone_masked} />}
      {dense ? null : <Fact label={t("建档机构", "Registered at")} value={patient.organisation_name} />}
      {patient.merged_into ? <Tag color="red">{t("已并入其他档案", "Merged into another")}</Tag> : null}
      <div style={{ marginInlineStart: "auto", display: "flex", gap: 8 }}>{extra}</div>
    </section>
  );
}

function Fact({ label, value }: { label: string; value: string | null }) {
  return (
    <span>
      <span className="tm-muted">{label} </span>
      <span className="tm-num">{value ?? "—"}</span>
    </span>
  );
}
