import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useTicketCounts() {
  return useQuery({
    queryKey: ["service", "tickets", "counts"],
    queryFn: () => call(client.GET("/api/v1/service/tickets/counts")),
    refetchInterval: 60_000,
  });
}
