import type { Exam } from "@tianmu/api/wire";
import { sexText } from "@tianmu/ui/patient-words";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Tag } from "antd";
import { conclusionLines } from "../lib/report-draft";

interface SignSummaryProps {
  exam: Exam;
  conclusion: string;
  abnormal: boolean;
  note: string;
}

/** What is about to be signed: whose, and what it says. */
export function SignSummary({ exam, conclusion, abnormal, note }: SignSummaryProps) {
  const t = useT();
  return (
    <>
      <p style={{ marginTop: 0 }}>
        <b>{exam.patient.name}</b>　{sexText(exam.patient.sex, t)}　{exam.patient.age_text}
        {"　"}
        <span className="tm-muted tm-num">{exam.exam_number}</span>{" "}
        <Tag color={abnormal ? "red" : "green"}>{abnormal ? t("异常", "Abnormal") : t("正常", "Normal")}</Tag>
      </p>
      <ol style={{ fontWeight: 600, paddingInlineStart: 22 }}>
        {conclusionLines(conclusion).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
      <p className="tm-muted" style={{ marginBottom: 0 }}>
        {note}
      </p>
    </>
  );
}
