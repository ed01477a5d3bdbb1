import { client } from "@tianmu/api/client";
import type { HandoverState } from "@tianmu/api/wire";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export interface HandoverFilter {
  state?: HandoverState;
}

export function useHandovers(filter: HandoverFilter) {
  return useKeyset(["service", "duties", "handovers", filter], (cursor, limit) =>
    client.GET("/api/v1/service/duties/handovers", { params: { query: { ...filter, cursor, limit } } }),
  );
}
