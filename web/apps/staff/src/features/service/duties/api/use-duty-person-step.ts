import { call, client } from "@tianmu/api/client";
import type { DutyPersonStep } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A step: the answer is the record as it is now. */
export function useDutyPersonStep(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: DutyPersonStep) =>
      call(
        client.POST("/api/v1/service/duties/people/{person_id}/steps", { params: { path: { person_id: id } }, body }),
      ),
    onSuccess: (record) => queries.setQueryData(["service", "duties", "people", id], record),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
