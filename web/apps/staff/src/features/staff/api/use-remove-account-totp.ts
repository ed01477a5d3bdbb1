import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useRemoveAccountTotp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      call(client.DELETE("/api/v1/accounts/{account_id}/totp", { params: { path: { account_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["staff"] }),
  });
}
