import { client } from "@tianmu/api/client";
import type { Urgency } from "@tianmu/api/wire";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";
import { usePollMs } from "../../../app/live-context";

export type Queue = "to_read" | "to_review" | "mine";

export interface WorklistFilter {
  queue: Queue;
  urgency?: Urgency;
  organisation_id?: string;
  q?: string;
}

export function useWorklist(filter: WorklistFilter) {
  const refetchMs = usePollMs();
  return useKeyset(
    ["ecg", "worklist", filter],
    (cursor, limit) => client.GET("/api/v1/ecg/worklist", { params: { query: { ...filter, cursor, limit } } }),
    { refetchMs },
  );
}
