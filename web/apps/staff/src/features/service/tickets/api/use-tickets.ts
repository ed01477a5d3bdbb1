import { client } from "@tianmu/api/client";
import type { TicketClass } from "@tianmu/api/wire";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export interface TicketFilter {
  q?: string;
  state?: string;
  class?: TicketClass;
  item_code?: string;
  organisation_id?: string;
  mine?: boolean;
  unassigned?: boolean;
  late?: boolean;
  from?: string;
  to?: string;
  sort?: "newest" | "pressing";
}

export function useTickets(filter: TicketFilter) {
  return useKeyset(["service", "tickets", "list", filter], (cursor, limit) =>
    client.GET("/api/v1/service/tickets", { params: { query: { ...filter, cursor, limit } } }),
  );
}
