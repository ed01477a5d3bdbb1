import { call, client } from "@tianmu/api/client";
import type { AttendanceInput } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useRecordAttendance() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: AttendanceInput) => call(client.POST("/api/v1/service/attendance", { body })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
