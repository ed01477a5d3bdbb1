import { call, client } from "@tianmu/api/client";
import type { PenaltyStep } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A step: the answer is the record as it is now. */
export function usePenaltyStep(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: PenaltyStep) =>
      call(client.POST("/api/v1/service/penalties/{penalty_id}/steps", { params: { path: { penalty_id: id } }, body })),
    onSuccess: (record) => queries.setQueryData(["service", "penalties", id], record),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
