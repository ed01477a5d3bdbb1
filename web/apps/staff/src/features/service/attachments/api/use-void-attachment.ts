import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useVoidAttachment() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      call(
        client.POST("/api/v1/service/attachments/{attachment_id}/void", {
          params: { path: { attachment_id: id } },
          body: { reason },
        }),
      ),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["service", "attachments"] }),
  });
}
