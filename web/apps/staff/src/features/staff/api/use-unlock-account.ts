import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useUnlockAccount() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      call(client.POST("/api/v1/accounts/{account_id}/unlock", { params: { path: { account_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["staff"] }),
  });
}
