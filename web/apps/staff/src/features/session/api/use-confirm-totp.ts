import { call, client } from "@tianmu/api/client";
import { useMutation } from "@tanstack/react-query";

export function useConfirmTotp() {
  return useMutation({
    mutationFn: (code: string) => call(client.POST("/api/v1/session/totp/confirm", { body: { code } })),
  });
}
