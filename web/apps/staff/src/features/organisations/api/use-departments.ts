import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useDepartments(organisationId: string | undefined) {
  return useQuery({
    queryKey: ["departments", organisationId],
    queryFn: () =>
      call(
        client.GET("/api/v1/organisations/{organisation_id}/departments", {
          params: { path: { organisation_id: organisationId ?? "" } },
        }),
      ),
    enabled: !!organisationId,
  });
}
