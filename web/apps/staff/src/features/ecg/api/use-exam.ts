import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

/** One exam; asked again quickly while its recording is being analysed. */
export function useExam(id: string) {
  return useQuery({
    queryKey: ["ecg", "exam", id],
    queryFn: () => call(client.GET("/api/v1/ecg/exams/{exam_id}", { params: { path: { exam_id: id } } })),
    refetchInterval: (query) =>
      query.state.data?.recordings.some((recording) => recording.analysis_state === "pending") ? 1500 : false,
  });
}
