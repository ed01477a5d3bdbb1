import { client } from "@tianmu/api/client";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export interface CorrectionFilter {
  q?: string;
  state?: string;
  item_code?: string;
  organisation_id?: string;
  ticket_id?: string;
  violations?: boolean;
}

export function useCorrections(filter: CorrectionFilter) {
  return useKeyset(["service", "corrections", "list", filter], (cursor, limit) =>
    client.GET("/api/v1/service/corrections", { params: { query: { ...filter, cursor, limit } } }),
  );
}
