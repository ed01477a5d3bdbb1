import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useCreateAccount() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { staff_id: string; login_name: string; initial_password: string }) =>
      call(client.POST("/api/v1/accounts", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["staff"] }),
  });
}
