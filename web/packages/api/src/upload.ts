// Multipart upload with progress: fetch cannot report upload progress, XMLHttpRequest can.
import { noteResponse } from "./client";
import { ApiError, localProblem, toProblem } from "./problem";

export interface UploadOptions {
  fields?: Record<string, string>;
  idempotencyKey: string;
  onProgress?: (fraction: number) => void;
  signal?: AbortSignal;
}

export function upload<T>(url: string, files: File[], options: UploadOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(options.fields ?? {})) form.append(name, value);
    for (const file of files) form.append("files", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.responseType = "text";
    request.setRequestHeader("Idempotency-Key", options.idempotencyKey);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onProgress?.(event.loaded / event.total);
    };
    request.onload = () => {
      let body: unknown = null;
      try {
        body = JSON.parse(request.responseText);
      } catch {
        body = null;
      }
      noteResponse(request.status, (body as { code?: string } | null)?.code);
      if (request.status >= 200 && request.status < 300) resolve(body as T);
      else reject(new ApiError(toProblem(request.status, body)));
    };
    request.onerror = () => reject(new ApiError(localProblem("network_unreachable", "")));
    request.onabort = () => reject(new DOMException("aborted", "AbortError"));
    options.signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });
}
