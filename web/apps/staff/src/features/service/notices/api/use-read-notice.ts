import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useReadNotice() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      call(client.POST("/api/v1/service/notices/{notice_id}/read", { params: { path: { notice_id: id } } })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service", "notices"] }),
  });
}
