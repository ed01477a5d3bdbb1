import { client } from "@tianmu/api/client";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export interface DutyPeopleFilter {
  left?: boolean;
}

export function useDutyPeople(filter: DutyPeopleFilter) {
  return useKeyset(["service", "duties", "people", filter], (cursor, limit) =>
    client.GET("/api/v1/service/duties/people", { params: { query: { ...filter, cursor, limit } } }),
  );
}
