import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

/** Who may be assigned to: the provider's people unless roles are named. */
export function usePeople(roles?: string[]) {
  const role = roles?.join(",");
  return useQuery({
    queryKey: ["service-people", role ?? ""],
    queryFn: () => call(client.GET("/api/v1/service/people", { params: { query: { role } } })),
    staleTime: 60_000,
  });
}
