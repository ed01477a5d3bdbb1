import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useAbout() {
  return useQuery({ queryKey: ["about"], queryFn: () => call(client.GET("/api/v1/system/about")), staleTime: 300_000 });
}
