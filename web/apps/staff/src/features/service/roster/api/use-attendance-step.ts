import { call, client } from "@tianmu/api/client";
import type { AttendanceStep } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useAttendanceStep(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: AttendanceStep) =>
      call(
        client.POST("/api/v1/service/attendance/{attendance_id}/steps", {
          params: { path: { attendance_id: id } },
          body,
        }),
      ),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
