import { call, client } from "@tianmu/api/client";
import type { RetakeReason } from "@tianmu/api/wire";
import { useExamMutation } from "./use-exam-mutation";

export function useRequestRetake() {
  return useExamMutation(({ id, reason_code, reason }: { id: string; reason_code: RetakeReason; reason: string }) =>
    call(
      client.POST("/api/v1/ecg/exams/{exam_id}/request-retake", {
        params: { path: { exam_id: id } },
        body: { reason_code, reason },
      }),
    ),
  );
}
