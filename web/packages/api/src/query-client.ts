import { QueryClient } from "@tanstack/react-query";
import { asApiError } from "./problem";

/** Reads are retried only when the network or the server is at fault, never after a refusal. */
export function retryRead(count: number, error: unknown): boolean {
  const { status, code } = asApiError(error);
  return count < 2 && (code === "network_unreachable" || status >= 502);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: retryRead, staleTime: 10_000, refetchOnWindowFocus: false },
      mutations: { retry: false },
    },
  });
}
