import { client } from "@tianmu/api/client";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

export function useDuplicates() {
  return useKeyset(["patients", "duplicates"], (cursor, limit) =>
    client.GET("/api/v1/patients/duplicates", { params: { query: { cursor, limit } } }),
  );
}
