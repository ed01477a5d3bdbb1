import { call, client } from "@tianmu/api/client";
import { asApiError } from "@tianmu/api/problem";
import type { Me } from "@tianmu/api/wire";
import { useQuery } from "@tanstack/react-query";

export const SESSION_KEY = ["session"] as const;

async function fetchSession(): Promise<Me | null> {
  try {
    return await call(client.GET("/api/v1/session"));
  } catch (error) {
    if (asApiError(error).status === 401) return null;
    throw error;
  }
}

export function useSessionQuery() {
  return useQuery({ queryKey: SESSION_KEY, queryFn: fetchSession, staleTime: Number.POSITIVE_INFINITY });
}
