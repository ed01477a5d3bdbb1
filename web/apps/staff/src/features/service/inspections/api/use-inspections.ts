import { client } from "@tianmu/api/client";
import type { InspectionKind } from "@tianmu/api/wire";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export interface InspectionFilter {
  contract_id?: string;
  kind?: InspectionKind;
  state?: string;
  mine?: boolean;
  late?: boolean;
  from?: string;
  to?: string;
}

export function useInspections(filter: InspectionFilter) {
  return useKeyset(["service", "inspections", filter], (cursor, limit) =>
    client.GET("/api/v1/service/inspections", { params: { query: { ...filter, cursor, limit } } }),
  );
}
