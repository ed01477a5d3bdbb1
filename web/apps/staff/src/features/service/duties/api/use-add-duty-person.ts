import { call, client } from "@tianmu/api/client";
import type { DutyPersonInput } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useAddDutyPerson() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: DutyPersonInput) => call(client.POST("/api/v1/service/duties/people", { body })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
