import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

export function useVerification(code: string) {
  return useQuery({
    queryKey: ["verification", code],
    queryFn: () => call(client.GET("/api/v1/ecg/reports/verify/{code}", { params: { path: { code } } })),
  });
}
