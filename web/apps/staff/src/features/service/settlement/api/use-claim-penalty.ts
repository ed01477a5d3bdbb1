import { call, client } from "@tianmu/api/client";
import type { PenaltyClaim } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useClaimPenalty() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: PenaltyClaim) => call(client.POST("/api/v1/service/penalties", { body })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
