import { client } from "@tianmu/api/client";
import type { ArticleState } from "@tianmu/api/wire";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export interface ArticleFilter {
  state?: ArticleState;
  item_code?: string;
  tag?: string;
  mine?: boolean;
  stale?: boolean;
}

export function useArticles(filter: ArticleFilter) {
  return useKeyset(["service", "knowledge", "list", filter], (cursor, limit) =>
    client.GET("/api/v1/service/knowledge", { params: { query: { ...filter, cursor, limit } } }),
  );
}
