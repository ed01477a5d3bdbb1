import { call, client } from "@tianmu/api/client";
import type { IncidentInput } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useDeclareIncident() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: IncidentInput) => call(client.POST("/api/v1/service/incidents", { body })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
