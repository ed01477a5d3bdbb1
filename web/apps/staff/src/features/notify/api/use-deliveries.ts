import { client } from "@tianmu/api/client";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export function useDeliveries(filter: { state?: string; channel?: string }) {
  return useKeyset(["notify", "deliveries", filter], (cursor, limit) =>
    client.GET("/api/v1/notify/deliveries", { params: { query: { ...filter, cursor, limit } } }),
  );
}
