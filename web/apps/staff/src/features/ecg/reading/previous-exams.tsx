import type { Exam } from "@tianmu/api/wire";
import { day } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";

export function PreviousExams({ exam }: { exam: Exam }) {
  const t = useT();
  if (exam.previous_exams.length === 0)
    return <p className="tm-muted">{t("没有既往心电图报告。", "No earlier ECG report.")}</p>;
  return (
    <ul style={{ listStyle: "none", margin: 0, padding: 0 }}>
      {exam.previous_exams.map((previous) => (
        <li key={previous.id} style={{ padding: "3px 0", borderBottom: "1px dashed #eef1f4" }}>
          <a
            href={`/ecg/exams/${previous.id}`}
            target="_blank"
            rel="noreferrer"
            className="tm-num"
            aria-label={t(`打开 ${previous.exam_number}`, `Open ${previous.exam_number}`)}
          >
            {day(previous.published_at)}
          </a>
          <span className="tm-muted tm-num">
            {previous.heart_rate_bpm === null ? "" : `　${Math.round(previous.heart_rate_bpm)} bpm`}
          </span>
          <div>{previous.conclusion}</div>
        </li>
      ))}
    </ul>
  );
}
