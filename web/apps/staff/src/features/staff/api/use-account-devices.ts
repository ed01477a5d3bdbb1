import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useAccountDevices(accountId: string) {
  return useQuery({
    queryKey: ["account", accountId, "devices"],
    queryFn: () =>
      call(client.GET("/api/v1/accounts/{account_id}/devices", { params: { path: { account_id: accountId } } })),
  });
}
