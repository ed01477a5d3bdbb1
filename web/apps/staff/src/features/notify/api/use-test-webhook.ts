import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useTestWebhook() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => call(client.POST("/api/v1/notify/routes/test", { body: { name } })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["notify"] }),
  });
}
