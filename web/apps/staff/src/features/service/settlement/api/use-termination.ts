import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useTermination(contractId: string, ground: string, ended: string) {
  return useQuery({
    queryKey: ["service", "termination", contractId, ground, ended],
    retry: false,
    queryFn: () =>
      call(
        client.GET("/api/v1/service/contracts/{contract_id}/termination", {
          params: { path: { contract_id: contractId }, query: { ground, ended } },
        }),
      ),
  });
}
