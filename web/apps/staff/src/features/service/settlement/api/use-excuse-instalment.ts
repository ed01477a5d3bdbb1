import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useExcuseInstalment(contractId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { instalment: number; excuse: string | null; evidence: string }) =>
      call(
        client.POST("/api/v1/service/contracts/{contract_id}/excuses", {
          params: { path: { contract_id: contractId } },
          body,
        }),
      ),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
