import { call, client } from "@tianmu/api/client";
import { useExamMutation } from "./use-exam-mutation";

export function useReturnExam() {
  return useExamMutation(({ id, reason }: { id: string; reason: string }) =>
    call(client.POST("/api/v1/ecg/exams/{exam_id}/return", { params: { path: { exam_id: id } }, body: { reason } })),
  );
}
