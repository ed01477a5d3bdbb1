import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export interface PaymentInput {
  instalment: number;
  paid_on: string;
  amount_cents: number;
  note: string | null;
}

export function useRecordPayment(contractId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: PaymentInput) =>
      call(
        client.POST("/api/v1/service/contracts/{contract_id}/payments", {
          params: { path: { contract_id: contractId } },
          body,
        }),
      ),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
