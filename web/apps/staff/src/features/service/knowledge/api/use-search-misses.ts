import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

/** What was looked for and not found, most often first. */
export function useSearchMisses(enabled: boolean) {
  return useQuery({
    queryKey: ["service", "knowledge", "misses"],
    queryFn: () => call(client.GET("/api/v1/service/knowledge/misses")),
    enabled,
  });
}
