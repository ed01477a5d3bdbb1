import { client } from "@tianmu/api/client";
import type { IntakeState } from "@tianmu/api/wire";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export interface IntakeFilter {
  q?: string;
  state?: IntakeState;
  channel?: "mail" | "alert";
}

export function useIntakes(filter: IntakeFilter) {
  return useKeyset(["service", "intake", "list", filter], (cursor, limit) =>
    client.GET("/api/v1/service/intake", { params: { query: { ...filter, cursor, limit } } }),
  );
}
