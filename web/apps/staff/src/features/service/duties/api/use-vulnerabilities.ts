import { client } from "@tianmu/api/client";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export interface VulnerabilityFilter {
  state?: string;
  item_code?: string;
}

export function useVulnerabilities(filter: VulnerabilityFilter) {
  return useKeyset(["service", "duties", "vulnerabilities", filter], (cursor, limit) =>
    client.GET("/api/v1/service/duties/vulnerabilities", { params: { query: { ...filter, cursor, limit } } }),
  );
}
