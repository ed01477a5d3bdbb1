import { call, client } from "@tianmu/api/client";
import type { RequirementStep } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A step: the answer is the record as it is now. */
export function useRequirementStep(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: RequirementStep) =>
      call(
        client.POST("/api/v1/service/requirements/{requirement_id}/steps", {
          params: { path: { requirement_id: id } },
          body,
        }),
      ),
    onSuccess: (record) => queries.setQueryData(["service", "requirements", id], record),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
