import { client } from "@tianmu/api/client";
import type { Sex } from "@tianmu/api/wire";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export interface PatientFilter {
  q?: string;
  birth_date?: string;
  sex?: Sex;
}

export function usePatients(filter: PatientFilter) {
  return useKeyset(["patients", filter], (cursor, limit) =>
    client.GET("/api/v1/patients", { params: { query: { ...filter, cursor, limit } } }),
  );
}
