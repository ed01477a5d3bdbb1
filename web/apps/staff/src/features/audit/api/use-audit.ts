import { client } from "@tianmu/api/client";
import type { AuditEntry } from "@tianmu/api/wire";
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
  return useKeyset<AuditEntry>(["audit", filter], (cursor, limit) =>
    client.GET("/api/v1/audit", { params: { query: { ...filter, cursor, limit } } }),
  );
}
