import { call, client } from "@tianmu/api/client";
import type { GrantStep } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A step: the answer is the record as it is now. */
export function useGrantStep(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: GrantStep) =>
      call(client.POST("/api/v1/service/duties/grants/{grant_id}/steps", { params: { path: { grant_id: id } }, body })),
    onSuccess: (record) => queries.setQueryData(["service", "duties", "grants", id], record),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
