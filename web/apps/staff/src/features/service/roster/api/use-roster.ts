import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

/** The duty of a month, written `2026-12`. */
export function useRoster(month: string) {
  return useQuery({
    queryKey: ["service", "roster", month],
    queryFn: () => call(client.GET("/api/v1/service/rosters/{month}", { params: { path: { month } } })),
  });
}
