import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useUnlockAccount() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(client.POST("/api/v1/accounts/{id}/unlock", { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["staff"] }),
  });
}
