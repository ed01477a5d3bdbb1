import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useSecurityReports() {
  return useQuery({
    queryKey: ["service", "duties", "reports"],
    queryFn: () => call(client.GET("/api/v1/service/duties/reports")),
  });
}
