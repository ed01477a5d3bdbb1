import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

/** The most pressing clocks; live events renew them, and once a minute one asks anyway. */
export function useClocks(limit: number) {
  return useQuery({
    queryKey: ["service", "clocks", limit],
    queryFn: () => call(client.GET("/api/v1/service/clocks", { params: { query: { limit } } })),
    refetchInterval: 60_000,
  });
}
