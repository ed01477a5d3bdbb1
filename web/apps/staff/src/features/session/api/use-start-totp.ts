import { call, client } from "@tianmu/api/client";
import { useMutation } from "@tanstack/react-query";

export function useStartTotp() {
  return useMutation({ mutationFn: () => call(client.POST("/api/v1/session/totp")) });
}
