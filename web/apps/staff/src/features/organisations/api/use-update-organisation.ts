import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { OrganisationFields } from "./use-create-organisation";

export function useUpdateOrganisation(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Partial<OrganisationFields> & { active?: boolean }) =>
      call(
        client.PATCH("/api/v1/organisations/{organisation_id}", { params: { path: { organisation_id: id } }, body }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["organisations"] }),
  });
}
