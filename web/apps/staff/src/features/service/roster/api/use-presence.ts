import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

/** Who was on site on the working days of a month, such as `2026-11`. */
export function usePresence(month: string) {
  return useQuery({
    queryKey: ["service", "presence", month],
    queryFn: () => call(client.GET("/api/v1/service/presence/{month}", { params: { path: { month } } })),
  });
}
