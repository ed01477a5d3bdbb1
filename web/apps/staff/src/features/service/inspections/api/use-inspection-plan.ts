import { call, client } from "@tianmu/api/client";
import type { InspectionLine } from "@tianmu/api/wire";
import { useQuery } from "@tanstack/react-query";

/** Every inspection that the account may see: a contract has some thirty. */
export function useInspectionPlan() {
  return useQuery({
    queryKey: ["service", "inspections", "plan"],
    queryFn: async () => {
      const all: InspectionLine[] = [];
      let cursor: string | undefined;
      do {
        const page = await call(
          client.GET("/api/v1/service/inspections", { params: { query: { limit: 200, cursor } } }),
        );
        all.push(...page.items);
        cursor = page.next_cursor ?? undefined;
      } while (cursor && all.length < 2000);
      return all;
    },
  });
}
