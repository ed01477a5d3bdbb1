import { call, client } from "@tianmu/api/client";
import type { HandoverInput } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useOpenHandover() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: HandoverInput) => call(client.POST("/api/v1/service/duties/handovers", { body })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
