import { call, client } from "@tianmu/api/client";
import { asApiError } from "@tianmu/api/problem";
import type { InspectionStep } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A step: the answer is the inspection as it is now; a refusal because it moved on fetches it again. */
export function useInspectionStep(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (step: InspectionStep) =>
      call(
        client.POST("/api/v1/service/inspections/{inspection_id}/steps", {
          params: { path: { inspection_id: id } },
          body: step,
        }),
      ),
    onSuccess: (inspection) => {
      queries.setQueryData(["service", "inspection", id], inspection);
      void queries.invalidateQueries({ queryKey: ["service", "inspections"] });
    },
    onError: (error) => {
      if (asApiError(error).status === 409) void queries.invalidateQueries({ queryKey: ["service", "inspection", id] });
    },
  });
}
