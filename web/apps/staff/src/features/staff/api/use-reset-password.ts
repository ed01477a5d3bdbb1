import { call, client } from "@tianmu/api/client";
import { useMutation } from "@tanstack/react-query";

export function useResetPassword() {
  return useMutation({
    mutationFn: (id: string) =>
      call(client.POST("/api/v1/accounts/{account_id}/password-reset", { params: { path: { account_id: id } } })),
  });
}
