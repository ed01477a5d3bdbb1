import { call, client } from "@tianmu/api/client";
import type { NotifyChannel } from "@tianmu/api/wire";
import { useMutation } from "@tanstack/react-query";

/** Sends a trial message to one's own address. */
export function useTestContact() {
  return useMutation({
    mutationFn: (channel: NotifyChannel) => call(client.POST("/api/v1/notify/contacts/test", { body: { channel } })),
  });
}
