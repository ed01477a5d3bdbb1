import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useGrant(id: string) {
  return useQuery({
    queryKey: ["service", "duties", "grants", id],
    queryFn: () => call(client.GET("/api/v1/service/duties/grants/{grant_id}", { params: { path: { grant_id: id } } })),
  });
}
