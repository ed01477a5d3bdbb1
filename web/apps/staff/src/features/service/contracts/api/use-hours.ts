import { call, client } from "@tianmu/api/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

export function useHours() {
  return useQuery({ queryKey: ["service", "hours"], queryFn: () => call(client.GET("/api/v1/service/hours")) });
}

export interface HoursInput {
  organisation_id: string;
  valid_from: string;
  hours: { usual: string[]; seasons: { from: string; to: string; hours: string[] }[] };
}

export function useSetHours() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: HoursInput) => call(client.POST("/api/v1/service/hours", { body })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
