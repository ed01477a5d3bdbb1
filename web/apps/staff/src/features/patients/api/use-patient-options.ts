import { call, client } from "@tianmu/api/client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

/** The first matches for a picker. */
export function usePatientOptions(q: string) {
  return useQuery({
    queryKey: ["patients", "options", q],
    queryFn: () => call(client.GET("/api/v1/patients", { params: { query: { q, limit: 12 } } })),
    enabled: q.length > 0,
    placeholderData: keepPreviousData,
  });
}
