import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useTicket(id: string) {
  return useQuery({
    queryKey: ["service", "tickets", id],
    queryFn: () => call(client.GET("/api/v1/service/tickets/{ticket_id}", { params: { path: { ticket_id: id } } })),
  });
}
