import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

/** What forms need of the contract in force: of the institution, else of the caller's own. */
export function useTerms(organisationId?: string) {
  return useQuery({
    queryKey: ["service-terms", organisationId ?? "own"],
    queryFn: () =>
      call(client.GET("/api/v1/service/terms", { params: { query: { organisation_id: organisationId } } })),
    staleTime: 300_000,
  });
}
