import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useAddPhrase() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { group: string; text_zh: string }) => call(client.POST("/api/v1/ecg/phrases", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["ecg", "phrases"] }),
  });
}
