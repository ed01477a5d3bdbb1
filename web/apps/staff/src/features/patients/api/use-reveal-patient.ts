import { call, client } from "@tianmu/api/client";
import { useMutation } from "@tanstack/react-query";

export function useRevealPatient(id: string) {
  return useMutation({
    mutationFn: (reason: string) =>
      call(client.POST("/api/v1/patients/{id}/reveal", { params: { path: { id } }, body: { reason } })),
  });
}
