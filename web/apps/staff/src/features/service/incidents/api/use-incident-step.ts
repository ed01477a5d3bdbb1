import { call, client } from "@tianmu/api/client";
import type { IncidentStep } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A step: the answer is the record as it is now. */
export function useIncidentStep(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: IncidentStep) =>
      call(
        client.POST("/api/v1/service/incidents/{incident_id}/steps", { params: { path: { incident_id: id } }, body }),
      ),
    onSuccess: (record) => queries.setQueryData(["service", "incidents", id], record),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
