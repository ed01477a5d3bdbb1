import { client } from "@tianmu/api/client";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export interface StaffFilter {
  q?: string;
  organisation_id?: string;
  active?: boolean;
}

export function useStaffList(filter: StaffFilter) {
  return useKeyset(["staff", filter], (cursor, limit) =>
    client.GET("/api/v1/staff", { params: { query: { ...filter, cursor, limit } } }),
  );
}
