import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useDutyPerson(id: string) {
  return useQuery({
    queryKey: ["service", "duties", "people", id],
    queryFn: () =>
      call(client.GET("/api/v1/service/duties/people/{person_id}", { params: { path: { person_id: id } } })),
  });
}
