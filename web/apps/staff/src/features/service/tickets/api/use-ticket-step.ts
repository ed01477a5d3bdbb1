import { call, client } from "@tianmu/api/client";
import type { TicketStep } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A step: the answer is the record as it is now. */
export function useTicketStep(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: TicketStep) =>
      call(client.POST("/api/v1/service/tickets/{ticket_id}/steps", { params: { path: { ticket_id: id } }, body })),
    onSuccess: (record) => queries.setQueryData(["service", "tickets", id], record),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
