import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useRoles() {
  return useQuery({ queryKey: ["roles"], queryFn: () => call(client.GET("/api/v1/roles")), staleTime: 600_000 });
}
