import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export interface SettlementPeriod {
  from?: string;
  to?: string;
  as_of?: string;
}

export function useSettlement(contractId: string | undefined, period: SettlementPeriod) {
  return useQuery({
    queryKey: ["service", "settlement", contractId, period],
    enabled: contractId !== undefined,
    queryFn: () =>
      call(
        client.GET("/api/v1/service/contracts/{contract_id}/settlement", {
          params: { path: { contract_id: contractId ?? "" }, query: period },
        }),
      ),
  });
}
