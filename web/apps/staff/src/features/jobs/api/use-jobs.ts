import { client } from "@tianmu/api/client";
import type { Job } from "@tianmu/api/wire";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export function useJobs(state: string) {
  return useKeyset<Job>(
    ["jobs", state],
    (cursor, limit) => client.GET("/api/v1/jobs", { params: { query: { state, cursor, limit } } }),
    { refetchMs: 15_000 },
  );
}
