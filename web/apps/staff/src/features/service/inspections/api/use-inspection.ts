import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useInspection(id: string) {
  return useQuery({
    queryKey: ["service", "inspection", id],
    queryFn: () =>
      call(client.GET("/api/v1/service/inspections/{inspection_id}", { params: { path: { inspection_id: id } } })),
  });
}
