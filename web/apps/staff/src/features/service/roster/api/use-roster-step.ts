import { call, client } from "@tianmu/api/client";
import type { DutyRosterStep } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useRosterStep(month: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: DutyRosterStep) =>
      call(client.POST("/api/v1/service/rosters/{month}/steps", { params: { path: { month } }, body })),
    onSuccess: (roster) => queries.setQueryData(["service", "roster", month], roster),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
