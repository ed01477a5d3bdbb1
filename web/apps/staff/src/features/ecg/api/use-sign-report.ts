import { call, client } from "@tianmu/api/client";
import { useExamMutation } from "./use-exam-mutation";

export function useSignReport() {
  return useExamMutation(({ id, row_version }: { id: string; row_version: number }) =>
    call(client.POST("/api/v1/ecg/exams/{exam_id}/sign", { params: { path: { exam_id: id } }, body: { row_version } })),
  );
}
