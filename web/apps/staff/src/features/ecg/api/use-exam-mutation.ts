import { asApiError } from "@tianmu/api/problem";
import type { Exam } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A step of an exam: the answer is the exam as it is now; a refusal because it moved on fetches it again. */
export function useExamMutation<Input>(act: (input: Input) => Promise<Exam>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (exam) => {
      queries.setQueryData(["ecg", "exam", exam.id], exam);
      void queries.invalidateQueries({ queryKey: ["ecg", "worklist"] });
      void queries.invalidateQueries({ queryKey: ["ecg", "counts"] });
      void queries.invalidateQueries({ queryKey: ["ecg", "exams"] });
    },
    onError: (error) => {
      if (asApiError(error).status === 409) void queries.invalidateQueries({ queryKey: ["ecg"] });
    },
  });
}
