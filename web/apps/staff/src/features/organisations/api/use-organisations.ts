import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useOrganisations() {
  return useQuery({
    queryKey: ["organisations"],
    queryFn: () => call(client.GET("/api/v1/organisations")),
    staleTime: 300_000,
  });
}
