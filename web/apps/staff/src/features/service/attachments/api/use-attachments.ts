import { call, client } from "@tianmu/api/client";
import { useQuery } from "@tanstack/react-query";

/** The record that files belong to; `part` is a place within it. */
export interface AttachmentTarget {
  kind: string;
  id: string;
  part?: string;
}

export function useAttachments({ kind, id, part }: AttachmentTarget) {
  return useQuery({
    queryKey: ["service", "attachments", kind, id, part ?? ""],
    queryFn: () =>
      call(
        client.GET("/api/v1/service/attachments", { params: { query: { subject_kind: kind, subject_id: id, part } } }),
      ),
  });
}
