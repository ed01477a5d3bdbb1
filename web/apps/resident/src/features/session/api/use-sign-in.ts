import { call, client } from "@tianmu/api/client";
import { useMutation } from "@tanstack/react-query";

export function useSignIn() {
  return useMutation({
    mutationFn: (body: { login_name: string; password: string; totp_code?: string }) =>
      call(client.POST("/api/v1/session", { body })),
  });
}
