import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useEquipment(contractId: string | undefined) {
  return useQuery({
    queryKey: ["service", "equipment", contractId],
    enabled: contractId !== undefined,
    queryFn: () =>
      call(client.GET("/api/v1/service/equipment", { params: { query: { contract_id: contractId ?? "" } } })),
  });
}
