import { client } from "@tianmu/api/client";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export interface GrantFilter {
  state?: string;
  person_id?: string;
  item_code?: string;
  removal_open?: boolean;
}

export function useGrants(filter: GrantFilter) {
  return useKeyset(["service", "duties", "grants", filter], (cursor, limit) =>
    client.GET("/api/v1/service/duties/grants", { params: { query: { ...filter, cursor, limit } } }),
  );
}
