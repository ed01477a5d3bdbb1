import { call, client } from "@tianmu/api/client";
import type { NotifyChannel } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useConfirmContact() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { channel: NotifyChannel; code: string }) =>
      call(client.POST("/api/v1/notify/contacts/confirm", { body })),
    onSuccess: (settings) => queries.setQueryData(["notify", "settings"], settings),
  });
}
