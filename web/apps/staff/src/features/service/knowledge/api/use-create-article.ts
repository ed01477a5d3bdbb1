import { call, client } from "@tianmu/api/client";
import type { ArticleInput } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useCreateArticle() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ArticleInput) => call(client.POST("/api/v1/service/knowledge", { body })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service", "knowledge"] }),
  });
}
