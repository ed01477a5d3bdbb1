import { call, client } from "@tianmu/api/client";
import type { NotifySettingsInput } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useSaveNotifySettings() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NotifySettingsInput) => call(client.PUT("/api/v1/notify/settings", { body })),
    onSuccess: (settings) => queries.setQueryData(["notify", "settings"], settings),
  });
}
