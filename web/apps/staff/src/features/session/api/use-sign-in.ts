import { call, client } from "@tianmu/api/client";
import { useMutation } from "@tanstack/react-query";

export interface SignInInput {
  login_name: string;
  password: string;
  totp_code?: string;
}

export function useSignIn() {
  return useMutation({ mutationFn: (body: SignInInput) => call(client.POST("/api/v1/session", { body })) });
}
