import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

/** The ways out and how they did in the last seven days. */
export function useRoutes() {
  return useQuery({
    queryKey: ["notify", "routes"],
    queryFn: () => call(client.GET("/api/v1/notify/routes")),
    refetchInterval: 60_000,
  });
}
