import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function usePhrases() {
  return useQuery({
    queryKey: ["ecg", "phrases"],
    queryFn: () => call(client.GET("/api/v1/ecg/phrases")),
    staleTime: 600_000,
  });
}
