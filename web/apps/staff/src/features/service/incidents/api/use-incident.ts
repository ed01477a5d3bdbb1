import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useIncident(id: string) {
  return useQuery({
    queryKey: ["service", "incidents", id],
    queryFn: () =>
      call(client.GET("/api/v1/service/incidents/{incident_id}", { params: { path: { incident_id: id } } })),
  });
}
