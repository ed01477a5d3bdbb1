import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export interface Amendment {
  valid_from: string;
  note: string;
  patch: Record<string, never>;
  version: number;
}

export function useAmendContract(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Amendment) =>
      call(
        client.POST("/api/v1/service/contracts/{contract_id}/amend", { params: { path: { contract_id: id } }, body }),
      ),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
