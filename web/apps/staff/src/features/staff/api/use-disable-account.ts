import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useDisableAccount() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(client.POST("/api/v1/accounts/{id}/disable", { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["staff"] }),
  });
}
