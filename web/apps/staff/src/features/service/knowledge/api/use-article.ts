import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useArticle(id: string) {
  return useQuery({
    queryKey: ["service", "knowledge", id],
    queryFn: () => call(client.GET("/api/v1/service/knowledge/{article_id}", { params: { path: { article_id: id } } })),
  });
}
