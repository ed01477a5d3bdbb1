import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useSecurityReport(id: string) {
  return useQuery({
    queryKey: ["service", "duties", "reports", id],
    queryFn: () =>
      call(client.GET("/api/v1/service/duties/reports/{contract_id}", { params: { path: { contract_id: id } } })),
  });
}
