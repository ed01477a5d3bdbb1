import { call, client } from "@tianmu/api/client";
import { useMutation } from "@tanstack/react-query";

export function useChangePassword() {
  return useMutation({
    mutationFn: (body: { current_password: string; new_password: string }) =>
      call(client.POST("/api/v1/session/password", { body })),
  });
}
