import { call, client } from "@tianmu/api/client";
import type { SecurityReportStep } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A step: the answer is the record as it is now. */
export function useSecurityReportStep(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: SecurityReportStep) =>
      call(
        client.POST("/api/v1/service/duties/reports/{contract_id}/steps", {
          params: { path: { contract_id: id } },
          body,
        }),
      ),
    onSuccess: (record) => queries.setQueryData(["service", "duties", "reports", id], record),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
