import { call, client } from "@tianmu/api/client";
import type { Urgency } from "@tianmu/api/wire";
import { useExamMutation } from "./use-exam-mutation";

export interface ExamEdit {
  id: string;
  urgency?: Urgency;
  clinical_note?: string | null;
  device_name?: string | null;
  row_version: number;
}

export function useEditExam() {
  return useExamMutation(({ id, ...body }: ExamEdit) =>
    call(client.PATCH("/api/v1/ecg/exams/{exam_id}", { params: { path: { exam_id: id } }, body })),
  );
}
