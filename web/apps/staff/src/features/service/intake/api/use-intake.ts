import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useIntake(id: string) {
  return useQuery({
    queryKey: ["service", "intake", id],
    queryFn: () => call(client.GET("/api/v1/service/intake/{intake_id}", { params: { path: { intake_id: id } } })),
  });
}
