import { call, client } from "@tianmu/api/client";
import type { PatientInput } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useCreatePatient() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: PatientInput & { duplicate_acknowledged?: boolean }) =>
      call(client.POST("/api/v1/patients", { body })),
    onSuccess: (patient) => {
      queries.setQueryData(["patient", patient.id], patient);
      void queries.invalidateQueries({ queryKey: ["patients"] });
    },
  });
}
