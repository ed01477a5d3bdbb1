// What may be uploaded, and photos of a size that a mobile line can carry.

/** As the server takes them; a telephone turns its own formats into these when they are asked for. */
export const PHOTO_TYPES = "image/jpeg,image/png";
export const FILE_TYPES = `${PHOTO_TYPES},application/pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx`;
export const MOST_BYTES = 20 * 1024 * 1024;

const LONGEST_SIDE = 2560;

export function fileUrl(id: string): string {
  return `/api/v1/service/attachments/${id}/file`;
}

/** 1.4 MB, 380 KB */
export function sizeText(bytes: number): string {
  return bytes >= 1_048_576 ? `${(bytes / 1_048_576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

/** The sides of a picture after it is made to fit; none when it fits already. */
export function fitted(
  width: number,
  height: number,
  longest = LONGEST_SIDE,
): { width: number; height: number } | null {
  const side = Math.max(width, height);
  if (side <= longest) return null;
  return { width: Math.round((width * longest) / side), height: Math.round((height * longest) / side) };
}

/** A photo small enough for a mobile line; whatever cannot be read or does not get smaller stays as it is. */
export async function smallerPhoto(file: File): Promise<File> {
  if (!file.type.startsWith("image/")) return file;
  try {
    const picture = await createImageBitmap(file);
    const size = fitted(picture.width, picture.height);
    if (!size) return file;
    const canvas = document.createElement("canvas");
    canvas.width = size.width;
    canvas.height = size.height;
    canvas.getContext("2d")?.drawImage(picture, 0, 0, size.width, size.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
  } catch {
    return file;
  }
}
