import { client } from "@tianmu/api/client";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export interface AuditFilter {
  actor_id?: string;
  action?: string;
  resource_id?: string;
  patient_id?: string;
  outcome?: string;
  from?: string;
  to?: string;
}

export function useAudit(filter: AuditFilter) {
  return useKeyset(["audit", filter], (cursor, limit) =>
    client.GET("/api/v1/audit", { params: { query: { ...filter, cursor, limit } } }),
  );
}
