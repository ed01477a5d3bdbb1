import { call, client } from "@tianmu/api/client";
import type { RoleCode } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export interface RoleGrant {
  role: RoleCode;
  scope_organisation_id: string;
  expires_at?: string | null;
}

export function useSetRoles(accountId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (roles: RoleGrant[]) =>
      call(
        client.PUT("/api/v1/accounts/{account_id}/roles", {
          params: { path: { account_id: accountId } },
          body: { roles },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["staff"] }),
  });
}
