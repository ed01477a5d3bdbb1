import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useResend() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      call(client.POST("/api/v1/notify/deliveries/{delivery_id}/resend", { params: { path: { delivery_id: id } } })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["notify"] }),
  });
}
