import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function usePenalty(id: string) {
  return useQuery({
    queryKey: ["service", "penalties", id],
    queryFn: () => call(client.GET("/api/v1/service/penalties/{penalty_id}", { params: { path: { penalty_id: id } } })),
  });
}
