import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** Signs one device out, or all of them when none is named. */
export function useEndAccountDevices(accountId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (deviceId: string | null) =>
      deviceId === null
        ? call(client.DELETE("/api/v1/accounts/{account_id}/devices", { params: { path: { account_id: accountId } } }))
        : call(
            client.DELETE("/api/v1/accounts/{account_id}/devices/{device_id}", {
              params: { path: { account_id: accountId, device_id: deviceId } },
            }),
          ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["account", accountId, "devices"] }),
  });
}
