import { call, client } from "@tianmu/api/client";
import type { EngineerInput } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useSaveEngineer() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: EngineerInput) => call(client.POST("/api/v1/service/team", { body })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
