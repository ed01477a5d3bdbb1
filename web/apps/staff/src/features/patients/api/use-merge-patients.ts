import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useMergePatients() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ survivorId, absorbedId, reason }: { survivorId: string; absorbedId: string; reason: string }) =>
      call(
        client.POST("/api/v1/patients/{id}/merge", {
          params: { path: { id: survivorId } },
          body: { absorbed_patient_id: absorbedId, reason },
        }),
      ),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["patients"] }),
        queries.invalidateQueries({ queryKey: ["patient"] }),
      ]),
  });
}
