import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";
import { usePollMs } from "../../../app/live-context";

export function useWorklistCounts() {
  const refetchInterval = usePollMs();
  return useQuery({
    queryKey: ["ecg", "counts"],
    queryFn: () => call(client.GET("/api/v1/ecg/worklist/counts")),
    refetchInterval,
  });
}
