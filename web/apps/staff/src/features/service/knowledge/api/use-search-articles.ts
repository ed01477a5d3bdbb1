import { call, client } from "@tianmu/api/client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

interface Search {
  q: string;
  item?: string;
  /** Looked for by the program and not typed by anybody. */
  suggestion?: boolean;
  limit?: number;
}

/** Published articles that answer a text, best first. */
export function useSearchArticles({ q, item, suggestion, limit }: Search) {
  return useQuery({
    queryKey: ["service", "knowledge", "search", q, item, suggestion, limit],
    queryFn: () =>
      call(
        client.GET("/api/v1/service/knowledge/search", {
          params: { query: { q: q.slice(0, 200), item_code: item, suggestion, limit } },
        }),
      ),
    enabled: q.trim() !== "",
    placeholderData: keepPreviousData,
  });
}
