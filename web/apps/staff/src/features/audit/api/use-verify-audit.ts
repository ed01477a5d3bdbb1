import { call, client } from "@tianmu/api/client";
import { useMutation } from "@tanstack/react-query";

/** Walks the whole chain on the server: asked for by a person, never by itself. */
export function useVerifyAudit() {
  return useMutation({ mutationFn: () => call(client.GET("/api/v1/audit/verification")) });
}
