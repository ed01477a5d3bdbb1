import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useContracts() {
  return useQuery({
    queryKey: ["service", "contracts"],
    queryFn: () => call(client.GET("/api/v1/service/contracts")),
  });
}
