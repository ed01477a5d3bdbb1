import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

/** How one is reached besides the program. */
export function useNotifySettings() {
  return useQuery({ queryKey: ["notify", "settings"], queryFn: () => call(client.GET("/api/v1/notify/settings")) });
}
