import { client } from "@tianmu/api/client";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export interface AttendanceFilter {
  engineer_id?: string;
  from?: string;
  to?: string;
}

export function useAttendance(filter: AttendanceFilter) {
  return useKeyset(["service", "attendance", filter], (cursor, limit) =>
    client.GET("/api/v1/service/attendance", { params: { query: { ...filter, cursor, limit } } }),
  );
}
