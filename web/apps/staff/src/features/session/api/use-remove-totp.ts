import { call, client } from "@tianmu/api/client";
import { useMutation } from "@tanstack/react-query";

export function useRemoveTotp() {
  return useMutation({
    mutationFn: (password: string) => call(client.DELETE("/api/v1/session/totp", { body: { password } })),
  });
}
