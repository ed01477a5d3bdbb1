import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useIntakeCounts(enabled: boolean) {
  return useQuery({
    queryKey: ["service", "intake", "counts"],
    queryFn: () => call(client.GET("/api/v1/service/intake/counts")),
    refetchInterval: 60_000,
    enabled,
  });
}
