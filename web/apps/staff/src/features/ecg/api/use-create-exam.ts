import { call, client } from "@tianmu/api/client";
import type { Urgency } from "@tianmu/api/wire";
import { useExamMutation } from "./use-exam-mutation";

export interface ExamInput {
  patient_id: string;
  urgency: Urgency;
  clinical_note?: string | null;
  symptoms?: string[];
  device_name?: string | null;
  requesting_department?: string | null;
  bed?: string | null;
  requester_name?: string | null;
}

export function useCreateExam() {
  return useExamMutation((body: ExamInput) => call(client.POST("/api/v1/ecg/exams", { body })));
}
