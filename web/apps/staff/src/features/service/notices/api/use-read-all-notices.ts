import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useReadAllNotices() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => call(client.POST("/api/v1/service/notices/read-all")),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service", "notices"] }),
  });
}
