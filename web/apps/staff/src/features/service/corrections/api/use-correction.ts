import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useCorrection(id: string) {
  return useQuery({
    queryKey: ["service", "corrections", id],
    queryFn: () =>
      call(client.GET("/api/v1/service/corrections/{correction_id}", { params: { path: { correction_id: id } } })),
  });
}
