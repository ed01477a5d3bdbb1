import { client } from "@tianmu/api/client";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export interface IncidentFilter {
  q?: string;
  state?: string;
  severity?: string;
  item_code?: string;
  from?: string;
  to?: string;
}

export function useIncidents(filter: IncidentFilter) {
  return useKeyset(["service", "incidents", "list", filter], (cursor, limit) =>
    client.GET("/api/v1/service/incidents", { params: { query: { ...filter, cursor, limit } } }),
  );
}
