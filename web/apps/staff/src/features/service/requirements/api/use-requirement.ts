import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useRequirement(id: string) {
  return useQuery({
    queryKey: ["service", "requirements", id],
    queryFn: () =>
      call(client.GET("/api/v1/service/requirements/{requirement_id}", { params: { path: { requirement_id: id } } })),
  });
}
