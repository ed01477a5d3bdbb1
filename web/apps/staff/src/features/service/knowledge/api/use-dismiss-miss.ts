import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useDismissMiss() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (query: string) => call(client.POST("/api/v1/service/knowledge/misses/dismiss", { body: { query } })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service", "knowledge", "misses"] }),
  });
}
