import { call, client } from "@tianmu/api/client";
import type { ReportInput } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** Autosave: keeps the exam in the cache current, but does not make the lists fetch again at every pause in typing. */
export function useSaveReport(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ReportInput) =>
      call(client.PUT("/api/v1/ecg/exams/{exam_id}/report", { params: { path: { exam_id: id } }, body })),
    onSuccess: (exam) => queries.setQueryData(["ecg", "exam", id], exam),
  });
}
