import { call, client } from "@tianmu/api/client";
import type { DataCorrectionStep } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A step: the answer is the record as it is now. */
export function useCorrectionStep(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: DataCorrectionStep) =>
      call(
        client.POST("/api/v1/service/corrections/{correction_id}/steps", {
          params: { path: { correction_id: id } },
          body,
        }),
      ),
    onSuccess: (record) => queries.setQueryData(["service", "corrections", id], record),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
