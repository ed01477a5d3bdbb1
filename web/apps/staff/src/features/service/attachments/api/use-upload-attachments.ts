import { upload } from "@tianmu/api/upload";
import type { Attachment } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { AttachmentTarget } from "./use-attachments";

export interface UploadInput {
  files: File[];
  note?: string;
  idempotencyKey: string;
  onProgress?: (fraction: number) => void;
}

export function useUploadAttachments({ kind, id, part }: AttachmentTarget) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ files, note, idempotencyKey, onProgress }: UploadInput) => {
      const query = new URLSearchParams({ subject_kind: kind, subject_id: id, ...(part ? { part } : {}) });
      return upload<Attachment[]>(`/api/v1/service/attachments?${query}`, files, {
        idempotencyKey,
        onProgress,
        fields: note ? { note } : undefined,
      });
    },
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["service", "attachments", kind, id] }),
  });
}
