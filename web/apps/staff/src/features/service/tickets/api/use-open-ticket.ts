import { call, client } from "@tianmu/api/client";
import type { TicketInput } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useOpenTicket() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: TicketInput) => call(client.POST("/api/v1/service/tickets", { body })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
