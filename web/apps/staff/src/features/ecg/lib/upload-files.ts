export const MAX_FILES = 20;
export const MAX_BYTES = 64 * 1024 * 1024;

export type FilesProblem = "too_many" | "too_large" | "empty";

export function filesProblem(files: Pick<File, "size">[]): FilesProblem | null {
  if (files.length > MAX_FILES) return "too_many";
  if (files.some((file) => file.size === 0)) return "empty";
  return files.reduce((sum, file) => sum + file.size, 0) > MAX_BYTES ? "too_large" : null;
}

export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
