import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { useEffect } from "react";
import { useParams } from "react-router";
import { useNoTrace } from "../../../app/trace-first";
import { useExam } from "../api/use-exam";
import { ReadingScreen } from "./reading-screen";

export function Page() {
  const t = useT();
  const { id = "" } = useParams();
  const exam = useExam(id);
  useNoTrace(exam.isError || exam.data?.recordings.length === 0);
  const name = exam.data?.patient.name;
  useEffect(() => {
    document.title = `${name ?? ""} ${t("心电判读", "ECG reading")} · 天目`;
  }, [name, t]);
  if (exam.isError && !exam.data) {
    return (
      <div className="tm-page">
        <ErrorState error={exam.error} onRetry={() => void exam.refetch()} />
      </div>
    );
  }
  if (!exam.data) {
    return (
      <div className="tm-page">
        <LoadingState rows={12} />
      </div>
    );
  }
  return <ReadingScreen key={exam.data.id} exam={exam.data} />;
}
