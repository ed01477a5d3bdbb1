import { call, client } from "@tianmu/api/client";
import type { IntakeStep } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A step: the answer is the record as it is now. */
export function useIntakeStep(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: IntakeStep) =>
      call(client.POST("/api/v1/service/intake/{intake_id}/steps", { params: { path: { intake_id: id } }, body })),
    onSuccess: (record) => queries.setQueryData(["service", "intake", id], record),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
