import { call, client } from "@tianmu/api/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

export function useCalendar() {
  return useQuery({
    queryKey: ["service", "calendar"],
    queryFn: () => call(client.GET("/api/v1/service/calendar")),
  });
}

export function useImportCalendar() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (text: string) => call(client.POST("/api/v1/service/calendar", { body: { text } })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service"] }),
  });
}
