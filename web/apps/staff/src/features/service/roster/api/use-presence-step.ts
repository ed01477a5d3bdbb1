import { call, client } from "@tianmu/api/client";
import type { PresenceStep } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A step: the answer is the month. */
export function usePresenceStep() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }: { id: string; body: PresenceStep }) =>
      call(
        client.POST("/api/v1/service/presence/{presence_id}/steps", { params: { path: { presence_id: id } }, body }),
      ),
    onSuccess: (month) => queries.setQueryData(["service", "presence", month.month], month),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
