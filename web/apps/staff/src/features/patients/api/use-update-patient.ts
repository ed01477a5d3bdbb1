import { call, client } from "@tianmu/api/client";
import type { PatientInput } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useUpdatePatient(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Partial<PatientInput> & { row_version: number }) =>
      call(client.PATCH("/api/v1/patients/{id}", { params: { path: { id } }, body })),
    onSuccess: (patient) => {
      queries.setQueryData(["patient", patient.id], patient);
      void queries.invalidateQueries({ queryKey: ["patients"] });
    },
  });
}
