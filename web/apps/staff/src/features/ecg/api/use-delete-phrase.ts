import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useDeletePhrase() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      call(client.DELETE("/api/v1/ecg/phrases/{phrase_id}", { params: { path: { phrase_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["ecg", "phrases"] }),
  });
}
