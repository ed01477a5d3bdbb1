import { call, client } from "@tianmu/api/client";
import type { PresenceInput } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** Answers with the month. */
export function useSignInOnSite() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: PresenceInput) => call(client.POST("/api/v1/service/presence", { body })),
    onSuccess: (month) => queries.setQueryData(["service", "presence", month.month], month),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
