import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useUpdateDepartment(organisationId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string; name?: string; active?: boolean }) =>
      call(client.PATCH("/api/v1/departments/{department_id}", { params: { path: { department_id: id } }, body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["departments", organisationId] }),
  });
}
