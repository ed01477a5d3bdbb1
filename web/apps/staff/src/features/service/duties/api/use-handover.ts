import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useHandover(id: string) {
  return useQuery({
    queryKey: ["service", "duties", "handovers", id],
    queryFn: () =>
      call(client.GET("/api/v1/service/duties/handovers/{handover_id}", { params: { path: { handover_id: id } } })),
  });
}
