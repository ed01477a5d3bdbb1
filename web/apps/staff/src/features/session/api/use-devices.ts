import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useDevices(enabled: boolean) {
  return useQuery({
    queryKey: ["session", "devices"],
    queryFn: () => call(client.GET("/api/v1/session/devices")),
    enabled,
  });
}
