import { call, client } from "@tianmu/api/client";
import type { NotifyChannel } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** Gives an address; a code is sent there. */
export function useAddContact() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { channel: NotifyChannel; address: string }) =>
      call(client.POST("/api/v1/notify/contacts", { body })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["notify", "settings"] }),
  });
}
