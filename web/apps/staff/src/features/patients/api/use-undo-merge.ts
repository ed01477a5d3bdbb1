import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useUndoMerge() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      call(client.POST("/api/v1/patients/merges/{id}/undo", { params: { path: { id } }, body: { reason } })),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["patients"] }),
        queries.invalidateQueries({ queryKey: ["patient"] }),
      ]),
  });
}
