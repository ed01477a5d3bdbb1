import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useStaff(id: string | null) {
  return useQuery({
    queryKey: ["staff", "one", id],
    queryFn: () => call(client.GET("/api/v1/staff/{staff_id}", { params: { path: { staff_id: id ?? "" } } })),
    enabled: id !== null,
  });
}
