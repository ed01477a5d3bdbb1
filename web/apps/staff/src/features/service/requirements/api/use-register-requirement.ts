import { call, client } from "@tianmu/api/client";
import type { RequirementInput } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useRegisterRequirement() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: RequirementInput) => call(client.POST("/api/v1/service/requirements", { body })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
