import { DeleteOutlined, FileOutlined, UploadOutlined } from "@ant-design/icons";
import type { Attachment } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { ReasonDialog } from "@tianmu/ui/reason-dialog";
import { dateTime } from "@tianmu/ui/lib/time";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button, Image, Skeleton, Tooltip } from "antd";
import { useRef, useState } from "react";
import { randomKey } from "../../ecg/lib/random-key";
import { type AttachmentTarget, useAttachments } from "./api/use-attachments";
import { useUploadAttachments } from "./api/use-upload-attachments";
import { useVoidAttachment } from "./api/use-void-attachment";
import { FILE_TYPES, fileUrl, MOST_BYTES, sizeText } from "./lib/files";
import "./attachment-list.css";

interface AttachmentListProps {
  target: AttachmentTarget;
  mayAdd: boolean;
  /** Not given: whoever may add may void. */
  mayVoid?: boolean;
}

/** Photos and papers of a record: pictures in place, the rest by name; added by choosing or dropping files. */
export function AttachmentList({ target, mayAdd, mayVoid = mayAdd }: AttachmentListProps) {
  const t = useT();
  const { message } = App.useApp();
  const words = useErrorText();
  const input = useRef<HTMLInputElement>(null);
  const files = useAttachments(target);
  const upload = useUploadAttachments(target);
  const voidFile = useVoidAttachment();
  const [progress, setProgress] = useState<number | null>(null);
  const [over, setOver] = useState(false);
  const [gone, setGone] = useState<Attachment | null>(null);
  const add = async (chosen: File[]) => {
    if (chosen.length === 0) return;
    const large = chosen.find((file) => file.size > MOST_BYTES);
    if (large) {
      message.error(t(`“${large.name}”超过 20 MB。`, `“${large.name}” is larger than 20 MB.`));
      return;
    }
    setProgress(0);
    try {
      await upload.mutateAsync({ files: chosen, idempotencyKey: randomKey(), onProgress: setProgress });
    } catch (error) {
      const { text, fields } = words(error);
      message.error(fields[0] ?? text);
    } finally {
      setProgress(null);
    }
  };
  if (files.isError) return <ErrorState error={files.error} onRetry={() => void files.refetch()} />;
  if (!files.data) return <Skeleton active title={false} paragraph={{ rows: 2 }} />;
  const pictures = files.data.filter((file) => !file.voided_at && file.content_type.startsWith("image/"));
  const others = files.data.filter((file) => !pictures.includes(file));
  const remove = (file: Attachment) =>
    mayVoid && !file.voided_at ? (
      <Button
        size="small"
        type="text"
        danger
        icon={<DeleteOutlined />}
        aria-label={t(`作废 ${file.name}`, `Void ${file.name}`)}
        onClick={() => setGone(file)}
      />
    ) : null;
  return (
    <section
      aria-label={t("附件", "Files")}
      className={over ? "attachments attachments-over" : "attachments"}
      onDragOver={(event) => {
        if (!mayAdd) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        if (!mayAdd) return;
        event.preventDefault();
        setOver(false);
        void add([...event.dataTransfer.files]);
      }}
    >
      {pictures.length > 0 ? (
        <Image.PreviewGroup>
          <div className="attachment-pictures">
            {pictures.map((file) => (
              <figure key={file.id}>
                <Image src={fileUrl(file.id)} alt={file.note ?? file.name} width={96} height={96} />
                <figcaption>
                  <Tooltip title={`${file.name} · ${file.uploaded_by_name} ${dateTime(file.uploaded_at)}`}>
                    <span>{file.note ?? file.name}</span>
                  </Tooltip>
                  {remove(file)}
                </figcaption>
              </figure>
            ))}
          </div>
        </Image.PreviewGroup>
      ) : null}
      {others.length > 0 ? (
        <ul className="attachment-files">
          {others.map((file) => (
            <li key={file.id}>
              <FileOutlined />{" "}
              {file.voided_at ? (
                <span className="tm-muted">
                  <s>{file.name}</s>{" "}
                  {t(
                    `${file.voided_by_name ?? ""} ${dateTime(file.voided_at)} 作废：${file.void_reason ?? ""}`,
                    `voided by ${file.voided_by_name ?? ""} ${dateTime(file.voided_at)}: ${file.void_reason ?? ""}`,
                  )}
                </span>
              ) : (
                <>
                  <a href={fileUrl(file.id)} target="_blank" rel="noreferrer">
                    {file.name}
                  </a>{" "}
                  <span className="tm-muted">
                    {sizeText(file.size_bytes)} · {file.uploaded_by_name} {dateTime(file.uploaded_at)}
                    {file.note ? ` · ${file.note}` : ""}
                  </span>
                  {remove(file)}
                </>
              )}
            </li>
          ))}
        </ul>
      ) : null}
      {files.data.length === 0 ? <span className="tm-muted">{t("没有附件。", "No files.")}</span> : null}
      {mayAdd ? (
        <div style={{ marginTop: 8 }}>
          <input
            ref={input}
            type="file"
            multiple
            hidden
            accept={FILE_TYPES}
            onChange={(event) => {
              void add([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          <Button
            size="small"
            icon={<UploadOutlined />}
            loading={progress !== null}
            onClick={() => input.current?.click()}
          >
            {progress === null
              ? t("添加附件（可拖入）", "Add files (or drop them)")
              : t(`上传中 ${Math.round(progress * 100)}%`, `Uploading ${Math.round(progress * 100)}%`)}
          </Button>
        </div>
      ) : null}
      <ReasonDialog
        open={gone !== null}
        danger
        title={t("作废附件", "Void the file")}
        explain={t(
          `“${gone?.name ?? ""}”作废后不能再打开，记录会保留。`,
          `“${gone?.name ?? ""}” can no longer be opened; its entry is kept.`,
        )}
        okText={t("作废", "Void")}
        suggestions={[t("传错文件", "Wrong file"), t("照片不清楚", "Blurred"), t("重复", "Twice")]}
        onCancel={() => setGone(null)}
        onConfirm={async (reason) => {
          if (gone) await voidFile.mutateAsync({ id: gone.id, reason });
          setGone(null);
        }}
      />
    </section>
  );
}
