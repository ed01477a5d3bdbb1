import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useChecklists() {
  return useQuery({
    queryKey: ["inspection-checklists"],
    queryFn: () => call(client.GET("/api/v1/service/inspections/checklists")),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
