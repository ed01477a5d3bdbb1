import { call, client } from "@tianmu/api/client";
import type { NotifyChannel } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useRemoveContact() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (channel: NotifyChannel) =>
      call(client.DELETE("/api/v1/notify/contacts/{channel}", { params: { path: { channel } } })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["notify", "settings"] }),
  });
}
