import { call, client } from "@tianmu/api/client";
import type { HandoverStep } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A step: the answer is the record as it is now. */
export function useHandoverStep(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: HandoverStep) =>
      call(
        client.POST("/api/v1/service/duties/handovers/{handover_id}/steps", {
          params: { path: { handover_id: id } },
          body,
        }),
      ),
    onSuccess: (record) => queries.setQueryData(["service", "duties", "handovers", id], record),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
