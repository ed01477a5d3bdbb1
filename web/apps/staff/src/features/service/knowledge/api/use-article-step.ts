import { call, client } from "@tianmu/api/client";
import type { ArticleStep } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A step: the answer is the article as it is now. */
export function useArticleStep(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ArticleStep) =>
      call(client.POST("/api/v1/service/knowledge/{article_id}/steps", { params: { path: { article_id: id } }, body })),
    onSuccess: (article) => queries.setQueryData(["service", "knowledge", id], article),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service", "knowledge"] }),
  });
}
