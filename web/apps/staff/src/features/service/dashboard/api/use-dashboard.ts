import { call, client } from "@tianmu/api/client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

export interface DashboardFilter {
  from?: string;
  to?: string;
  organisation_id?: string;
  item_code?: string;
}

/** Service levels; the figures of a moment ago stay while the next ones are fetched. */
export function useDashboard(filter: DashboardFilter) {
  return useQuery({
    queryKey: ["service", "dashboard", filter],
    queryFn: () => call(client.GET("/api/v1/service/dashboard", { params: { query: filter } })),
    placeholderData: keepPreviousData,
  });
}
