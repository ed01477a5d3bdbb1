import { call, client } from "@tianmu/api/client";
import type { GrantInput } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useRequestGrant() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: GrantInput) => call(client.POST("/api/v1/service/duties/grants", { body })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
