import { client } from "@tianmu/api/client";
import { useKeyset } from "@tianmu/ui/lib/use-keyset";

/** The caller's notices, newest first. */
export function useNotices(unread: boolean) {
  return useKeyset(["service", "notices", "list", unread], (cursor, limit) =>
    client.GET("/api/v1/service/notices", { params: { query: { unread: unread || undefined, cursor, limit } } }),
  );
}
