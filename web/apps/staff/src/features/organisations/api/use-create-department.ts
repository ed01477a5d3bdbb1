import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useCreateDepartment(organisationId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; code?: string | null }) =>
      call(
        client.POST("/api/v1/organisations/{organisation_id}/departments", {
          params: { path: { organisation_id: organisationId } },
          body,
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["departments", organisationId] }),
  });
}
