import { client } from "@tianmu/api/client";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export interface RequirementFilter {
  q?: string;
  state?: string;
  item_code?: string;
  organisation_id?: string;
  late?: boolean;
}

export function useRequirements(filter: RequirementFilter) {
  return useKeyset(["service", "requirements", "list", filter], (cursor, limit) =>
    client.GET("/api/v1/service/requirements", { params: { query: { ...filter, cursor, limit } } }),
  );
}
