import { call, client } from "@tianmu/api/client";
import { useExamMutation } from "./use-exam-mutation";

export function useReleaseExam() {
  return useExamMutation((id: string) =>
    call(client.POST("/api/v1/ecg/exams/{exam_id}/release", { params: { path: { exam_id: id } } })),
  );
}
