import { call, client } from "@tianmu/api/client";
import { useExamMutation } from "./use-exam-mutation";

export function useApproveExam() {
  return useExamMutation((id: string) =>
    call(client.POST("/api/v1/ecg/exams/{exam_id}/approve", { params: { path: { exam_id: id } } })),
  );
}
