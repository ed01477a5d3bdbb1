import { DeleteOutlined, InboxOutlined } from "@ant-design/icons";
import { asApiError } from "@tianmu/api/problem";
import type { Exam } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { ReasonDialog } from "@tianmu/ui/reason-dialog";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button, Progress, Upload } from "antd";
import { useRef, useState } from "react";
import { useUploadRecordings } from "../api/use-upload-recordings";
import { randomKey } from "../lib/random-key";
import { fileSize, filesProblem } from "../lib/upload-files";

interface Difference {
  field: string;
  in_file: string;
  on_screen: string;
}

const FIELDS: Record<string, readonly [string, string]> = {
  name: ["姓名", "Name"],
  birth_date: ["出生日期", "Birth date"],
  sex: ["性别", "Sex"],
  id: ["患者编号", "Patient ID"],
  identifier: ["证件号", "ID number"],
  age: ["年龄", "Age"],
};

/** Choose or drop the files of one recording, see them go, and be told in plain words what is wrong with them. */
export function UploadPanel({ exam, onUploaded }: { exam: Exam; onUploaded?: (exam: Exam) => void }) {
  const t = useT();
  const { message } = App.useApp();
  const upload = useUploadRecordings();
  const [files, setFiles] = useState<File[]>([]);
  const [progress, setProgress] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [differences, setDifferences] = useState<Difference[] | null>(null);
  // One key for one set of files: a repeated attempt after a broken connection is not stored twice.
  const key = useRef("");
  const problem = filesProblem(files);
  const change = (next: File[]) => {
    key.current = "";
    setError(null);
    setFiles(next);
  };
  const send = async (mismatchReason?: string) => {
    setError(null);
    setProgress(0);
    if (key.current === "" || mismatchReason) key.current = randomKey();
    try {
      const next = await upload.mutateAsync({
        examId: exam.id,
        files,
        idempotencyKey: key.current,
        mismatchReason,
        onProgress: setProgress,
      });
      setFiles([]);
      setDifferences(null);
      key.current = "";
      message.success(t("上传成功，波形已显示", "Uploaded: the trace is shown"));
      onUploaded?.(next);
    } catch (caught) {
      const failure = asApiError(caught);
      if (failure.code === "patient_mismatch" && !mismatchReason)
        setDifferences(failure.param<Difference[]>("differences") ?? []);
      else if (mismatchReason) throw failure;
      else setError(failure);
    } finally {
      setProgress(null);
    }
  };
  const busy = progress !== null;
  return (
    <section aria-label={t("上传心电数据", "Upload the recording")}>
      <Upload.Dragger
        multiple
        showUploadList={false}
        disabled={busy}
        beforeUpload={(_, chosen) => {
          change([
            ...files,
            ...chosen.filter((file) => !files.some((old) => old.name === file.name && old.size === file.size)),
          ]);
          return false;
        }}
        fileList={[]}
        style={{ padding: "4px 0" }}
      >
        <p style={{ margin: 0, fontSize: 28, color: "#0b63a5", lineHeight: 1.2 }}>
          <InboxOutlined />
        </p>
        <p style={{ margin: "4px 0 2px", fontSize: 15 }}>
          {t("把心电文件拖到这里，或点击选择", "Drop the ECG files here, or click to choose")}
        </p>
        <p className="tm-muted" style={{ margin: 0, fontSize: 12 }}>
          {t(
            "支持 WFDB（.hea 与 .dat 一起选）、SCP-ECG、HL7 aECG、DICOM、GE MUSE XML；一次最多 20 个文件、合计 64 MB",
            "WFDB (.hea with .dat), SCP-ECG, HL7 aECG, DICOM, GE MUSE XML; up to 20 files, 64 MB together",
          )}
        </p>
      </Upload.Dragger>
      {files.length > 0 ? (
        <ul style={{ listStyle: "none", margin: "8px 0 0", padding: 0 }}>
          {files.map((file) => (
            <li
              key={`${file.name}/${file.size}`}
              style={{ display: "flex", alignItems: "center", gap: 8, padding: "2px 0" }}
            >
              <span>{file.name}</span>
              <span className="tm-muted tm-num">{fileSize(file.size)}</span>
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined />}
                aria-label={t(`移除 ${file.name}`, `Remove ${file.name}`)}
                disabled={busy}
                onClick={() => change(files.filter((other) => other !== file))}
              />
            </li>
          ))}
        </ul>
      ) : null}
      {files.length > 0 ? (
        <div style={{ display: "flex", gap: 12, alignItems: "center", marginTop: 8 }}>
          <Button type="primary" loading={busy} disabled={problem !== null} onClick={() => void send()}>
            {t(`上传 ${files.length} 个文件`, `Upload ${files.length} file(s)`)}
          </Button>
          {problem === "too_many" ? (
            <span style={{ color: "#cf1322" }}>{t("一次最多 20 个文件", "At most 20 files")}</span>
          ) : null}
          {problem === "too_large" ? (
            <span style={{ color: "#cf1322" }}>{t("合计超过 64 MB", "More than 64 MB together")}</span>
          ) : null}
          {problem === "empty" ? (
            <span style={{ color: "#cf1322" }}>{t("有空文件，请重新导出", "One of the files is empty")}</span>
          ) : null}
          {busy ? (
            <span style={{ flex: 1 }}>
              <Progress percent={Math.round((progress ?? 0) * 100)} size="small" status="active" />
              {progress === 1 ? (
                <span className="tm-muted">{t("正在解码和检查…", "Decoding and checking…")}</span>
              ) : null}
            </span>
          ) : null}
        </div>
      ) : null}
      {error ? (
        <div style={{ marginTop: 8 }}>
          <ErrorState error={error} onRetry={() => void send()} />
          <FileParams error={error} />
        </div>
      ) : null}
      <ReasonDialog
        open={differences !== null}
        danger
        title={t("文件中的患者与当前患者不一致", "The file names another patient")}
        explain={t(
          "请核对是否选错了文件或患者。只有确认是同一人（例如设备上没有录入姓名）才可接受。",
          "Check that file and patient are the right ones. Accept only if it is certainly the same person.",
        )}
        okText={t("确认是同一人，接受", "Same person: accept")}
        suggestions={[
          t("设备上录入的是拼音", "The device has pinyin"),
          t("设备上未录入患者信息", "No patient was entered on the device"),
          t("设备上录入有误，已核对身份", "Entered wrongly; identity checked"),
        ]}
        onCancel={() => setDifferences(null)}
        onConfirm={(reason) => send(reason)}
      >
        <table style={{ width: "100%", marginBottom: 12, borderCollapse: "collapse" }}>
          <thead>
            <tr style={{ textAlign: "start" }}>
              <th scope="col" />
              <th scope="col" style={{ textAlign: "start" }}>
                {t("文件中", "In the file")}
              </th>
              <th scope="col" style={{ textAlign: "start" }}>
                {t("当前患者", "On screen")}
              </th>
            </tr>
          </thead>
          <tbody>
            {(differences ?? []).map((each) => {
              const words = FIELDS[each.field];
              return (
                <tr key={each.field}>
                  <th scope="row" className="tm-muted" style={{ textAlign: "start", fontWeight: 400 }}>
                    {words ? t(...words) : each.field}
                  </th>
                  <td style={{ color: "#cf1322" }}>{each.in_file}</td>
                  <td>{each.on_screen}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ReasonDialog>
    </section>
  );
}

function FileParams({ error }: { error: unknown }) {
  const t = useT();
  const failure = asApiError(error);
  const file = failure.param<string>("file");
  const offset = failure.param<number>("offset");
  if (!file) return null;
  return (
    <div className="tm-muted" style={{ fontSize: 12, marginTop: 4 }}>
      {t("文件", "File")} {file}
      {offset !== undefined && offset !== null ? t(`，位置 ${offset} 字节`, `, at byte ${offset}`) : ""}
    </div>
  );
}
