import type { Exam } from "@tianmu/api/wire";
import { shortTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";

export function ClinicalInfo({ exam }: { exam: Exam }) {
  const t = useT();
  return (
    <div className="reading-clinical">
      <div>
        <span className="tm-muted">{t("临床", "Clinical")}　</span>
        {[exam.symptoms.join("、"), exam.clinical_note].filter(Boolean).join("；") || t("未填写", "None given")}
      </div>
      <div className="tm-muted tm-num">
        {[
          exam.organisation.name,
          exam.requesting_department,
          exam.requester_name,
          exam.bed ? t(`${exam.bed}床`, `bed ${exam.bed}`) : null,
          t(`送达 ${shortTime(exam.submitted_at)}`, `arrived ${shortTime(exam.submitted_at)}`),
        ]
          .filter(Boolean)
          .join(" · ")}
      </div>
    </div>
  );
}
