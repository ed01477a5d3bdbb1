import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useReversePayment(contractId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      call(
        client.POST("/api/v1/service/contracts/{contract_id}/payments/{payment_id}/reverse", {
          params: { path: { contract_id: contractId, payment_id: id } },
          body: { reason },
        }),
      ),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
