import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

/** The caller's unread notices. */
export function useUnreadNotices() {
  return useQuery({
    queryKey: ["service", "notices", "unread"],
    queryFn: () => call(client.GET("/api/v1/service/notices", { params: { query: { unread: true, limit: 100 } } })),
    refetchInterval: 60_000,
  });
}
