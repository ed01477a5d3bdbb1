import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

/** Whether letters come in. */
export function useMailbox() {
  return useQuery({
    queryKey: ["notify", "mailbox"],
    queryFn: () => call(client.GET("/api/v1/notify/mailbox")),
    refetchInterval: 60_000,
  });
}
