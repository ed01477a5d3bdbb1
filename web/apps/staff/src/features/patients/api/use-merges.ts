import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useMerges(id: string) {
  return useQuery({
    queryKey: ["patient", id, "merges"],
    queryFn: () => call(client.GET("/api/v1/patients/{id}/merges", { params: { path: { id } } })),
  });
}
