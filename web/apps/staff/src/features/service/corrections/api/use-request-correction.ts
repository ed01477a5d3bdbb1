import { call, client } from "@tianmu/api/client";
import type { DataCorrectionInput } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useRequestCorrection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: DataCorrectionInput) => call(client.POST("/api/v1/service/corrections", { body })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
