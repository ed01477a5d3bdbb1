import type { PatientBrief } from "@tianmu/api/wire";
import { sexText } from "@tianmu/ui/patient-words";
import { useT } from "@tianmu/ui/lib/use-lang";

export function PatientCell({ patient }: { patient: PatientBrief }) {
  const t = useT();
  return (
    <span style={{ whiteSpace: "nowrap" }}>
      <b style={{ fontWeight: 600 }}>{patient.name}</b>{" "}
      <span className="tm-muted">
        {sexText(patient.sex, t)} {patient.age_text}
      </span>
    </span>
  );
}
