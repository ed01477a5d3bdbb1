import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useContractHealth(id: string | undefined) {
  return useQuery({
    queryKey: ["service", "health", id],
    enabled: id !== undefined,
    queryFn: () =>
      call(
        client.GET("/api/v1/service/contracts/{contract_id}/health", { params: { path: { contract_id: id ?? "" } } }),
      ),
  });
}
