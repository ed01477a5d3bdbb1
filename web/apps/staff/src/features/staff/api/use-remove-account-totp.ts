import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useRemoveAccountTotp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(client.DELETE("/api/v1/accounts/{id}/totp", { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["staff"] }),
  });
}
