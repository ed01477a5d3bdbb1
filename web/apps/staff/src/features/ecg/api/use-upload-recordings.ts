import { upload } from "@tianmu/api/upload";
import type { Exam } from "@tianmu/api/wire";
import { useExamMutation } from "./use-exam-mutation";

export interface UploadInput {
  examId: string;
  files: File[];
  idempotencyKey: string;
  /** Given when the person has accepted that the file names another patient. */
  mismatchReason?: string;
  onProgress: (fraction: number) => void;
}

export function useUploadRecordings() {
  return useExamMutation(({ examId, files, idempotencyKey, mismatchReason, onProgress }: UploadInput) =>
    upload<Exam>(`/api/v1/ecg/exams/${examId}/recordings`, files, {
      idempotencyKey,
      onProgress,
      fields: mismatchReason ? { patient_mismatch_confirmed: "true", reason: mismatchReason } : undefined,
    }),
  );
}
