import { client } from "@tianmu/api/client";
import type { Urgency } from "@tianmu/api/wire";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export interface ExamFilter {
  q?: string;
  state?: string;
  urgency?: Urgency;
  organisation_id?: string;
  patient_id?: string;
  from?: string;
  to?: string;
  abnormal?: boolean;
  sort?: "newest" | "oldest";
}

export function useExams(filter: ExamFilter) {
  return useKeyset(["ecg", "exams", filter], (cursor, limit) =>
    client.GET("/api/v1/ecg/exams", { params: { query: { ...filter, cursor, limit } } }),
  );
}
