import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export interface Renewal {
  code: string;
  signed: string;
  term_start: string;
  term_end: string;
  note: string;
}

export function useRenewContract(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Renewal) =>
      call(
        client.POST("/api/v1/service/contracts/{contract_id}/renew", { params: { path: { contract_id: id } }, body }),
      ),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
