import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useVersions(id: string, enabled: boolean) {
  return useQuery({
    queryKey: ["ecg", "exam", id, "versions"],
    queryFn: () => call(client.GET("/api/v1/ecg/exams/{id}/versions", { params: { path: { id } } })),
    enabled,
  });
}
