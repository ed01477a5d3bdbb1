import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useTeam() {
  return useQuery({
    queryKey: ["service", "team"],
    queryFn: () => call(client.GET("/api/v1/service/team")),
  });
}
