import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useEndDevice() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      call(client.DELETE("/api/v1/session/devices/{device_id}", { params: { path: { device_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["session", "devices"] }),
  });
}
