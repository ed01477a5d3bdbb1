import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useReport(id: string) {
  return useQuery({
    queryKey: ["report", id],
    queryFn: () => call(client.GET("/api/v1/resident/reports/{exam_id}", { params: { path: { exam_id: id } } })),
  });
}
