import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useVersions(id: string, enabled: boolean) {
  return useQuery({
    queryKey: ["ecg", "exam", id, "versions"],
    queryFn: () => call(client.GET("/api/v1/ecg/exams/{exam_id}/versions", { params: { path: { exam_id: id } } })),
    enabled,
  });
}
