import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function usePatient(id: string | undefined) {
  return useQuery({
    queryKey: ["patient", id],
    queryFn: () => call(client.GET("/api/v1/patients/{id}", { params: { path: { id: id ?? "" } } })),
    enabled: !!id,
  });
}
