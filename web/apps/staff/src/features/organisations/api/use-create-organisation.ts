import { call, client } from "@tianmu/api/client";
import type { OrgKind } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export interface OrganisationFields {
  name: string;
  short_name?: string | null;
  code?: string;
  address?: string | null;
  phone?: string | null;
  longitude?: number | null;
  latitude?: number | null;
}

export function useCreateOrganisation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: OrganisationFields & { code: string; parent_id: string; kind: OrgKind }) =>
      call(client.POST("/api/v1/organisations", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["organisations"] }),
  });
}
