import { CameraOutlined, PictureOutlined } from "@ant-design/icons";
import type { Attachment } from "@tianmu/api/wire";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { useQueryClient } from "@tanstack/react-query";
import { Image } from "antd";
import { type ReactNode, useRef, useState } from "react";
import { randomKey } from "../../../ecg/lib/random-key";
import { useUploadAttachments } from "../../attachments/api/use-upload-attachments";
import { fileUrl, PHOTO_TYPES, smallerPhoto } from "../../attachments/lib/files";

interface Pending {
  key: string;
  file: File;
  fraction: number;
  error: string | null;
}

interface ItemPhotosProps {
  inspectionId: string;
  /** `<unit>/<item code>` */
  part: string;
  photos: Attachment[];
  extra?: ReactNode;
}

/** Photos of one item: taken or chosen, sent at once; one that did not get through is sent again with the same key. */
export function ItemPhotos({ inspectionId, part, photos, extra }: ItemPhotosProps) {
  const t = useT();
  const words = useErrorText();
  const queries = useQueryClient();
  const camera = useRef<HTMLInputElement>(null);
  const album = useRef<HTMLInputElement>(null);
  const upload = useUploadAttachments({ kind: "inspection", id: inspectionId, part });
  const [pending, setPending] = useState<Pending[]>([]);
  const note = (key: string, change: Partial<Pending>) =>
    setPending((list) => list.map((each) => (each.key === key ? { ...each, ...change } : each)));
  const send = async ({ key, file }: Pick<Pending, "key" | "file">) => {
    note(key, { error: null, fraction: 0 });
    try {
      await upload.mutateAsync({
        files: [file],
        idempotencyKey: key,
        onProgress: (fraction) => note(key, { fraction }),
      });
      await queries.invalidateQueries({ queryKey: ["service", "inspection", inspectionId] });
      setPending((list) => list.filter((each) => each.key !== key));
    } catch (error) {
      const { text, fields } = words(error);
      note(key, { error: fields[0] ?? text });
    }
  };
  const add = async (files: FileList | null) => {
    for (const chosen of files ?? []) {
      const file = await smallerPhoto(chosen);
      const key = randomKey();
      setPending((list) => [...list, { key, file, fraction: 0, error: null }]);
      void send({ key, file });
    }
  };
  const input = (ref: React.RefObject<HTMLInputElement | null>, capture: boolean) => (
    <input
      ref={ref}
      type="file"
      hidden
      multiple={!capture}
      accept={PHOTO_TYPES}
      capture={capture ? "environment" : undefined}
      aria-label={capture ? t("拍照", "Take a photo") : t("选择照片", "Choose photos")}
      onChange={(event) => {
        void add(event.target.files);
        event.target.value = "";
      }}
    />
  );
  return (
    <div className="fill-photos">
      {input(camera, true)}
      {input(album, false)}
      <button type="button" className="fill-tool" onClick={() => camera.current?.click()}>
        <CameraOutlined /> {t("拍照", "Photo")}
      </button>
      <button type="button" className="fill-tool" onClick={() => album.current?.click()}>
        <PictureOutlined /> {t("相册", "Album")}
      </button>
      {extra}
      {photos.length > 0 ? (
        <Image.PreviewGroup>
          {photos.map((photo) => (
            <Image key={photo.id} src={fileUrl(photo.id)} alt={photo.name} width={56} height={56} />
          ))}
        </Image.PreviewGroup>
      ) : null}
      {pending.map((each) => (
        <button
          key={each.key}
          type="button"
          className={each.error ? "fill-sending fill-failed" : "fill-sending"}
          disabled={each.error === null}
          title={each.error ?? undefined}
          onClick={() => void send(each)}
        >
          {each.error ? t("重传", "Again") : `${Math.round(each.fraction * 100)}%`}
        </button>
      ))}
      {pending.some((each) => each.error) ? (
        <small className="fill-bad">{pending.find((each) => each.error)?.error}</small>
      ) : null}
    </div>
  );
}
