import { call, client } from "@tianmu/api/client";
import { useInfiniteQuery } from "@tanstack/react-query";

export function useReports() {
  return useInfiniteQuery({
    queryKey: ["reports"],
    queryFn: ({ pageParam }) =>
      call(client.GET("/api/v1/resident/reports", { params: { query: { cursor: pageParam, limit: 20 } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}
