import { client } from "@tianmu/api/client";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export function useJobs(state: string) {
  return useKeyset(
    ["jobs", state],
    (cursor, limit) => client.GET("/api/v1/jobs", { params: { query: { state, cursor, limit } } }),
    { refetchMs: 15_000 },
  );
}
