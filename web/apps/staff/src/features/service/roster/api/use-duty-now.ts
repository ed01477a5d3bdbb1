import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

/** Who is there now; asked again now and then, because midnight changes it. */
export function useDutyNow(enabled = true) {
  return useQuery({
    queryKey: ["service", "duty"],
    enabled,
    queryFn: () => call(client.GET("/api/v1/service/duty")),
    refetchInterval: 300_000,
    retry: false,
  });
}
