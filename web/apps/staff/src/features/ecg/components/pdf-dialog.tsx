import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Modal } from "antd";

interface PdfDialogProps {
  examId: string;
  /** undefined: closed; null: the newest version. */
  version: number | null | undefined;
  onClose: () => void;
}

export function pdfUrl(examId: string, version: number | null): string {
  return `/api/v1/ecg/exams/${examId}/report.pdf${version === null ? "" : `?version=${version}`}`;
}

/** The report on paper: shown by the browser's own reader, which also prints it. */
export function PdfDialog({ examId, version, onClose }: PdfDialogProps) {
  const t = useT();
  if (version === undefined) return null;
  const url = pdfUrl(examId, version);
  return (
    <Modal
      open
      title={t("心电图报告", "ECG report")}
      onCancel={onClose}
      width="min(1000px, 94vw)"
      style={{ top: 16 }}
      styles={{ body: { height: "calc(100vh - 150px)" } }}
      footer={[
        <Button key="open" href={url} target="_blank" rel="noreferrer">
          {t("新窗口打开并打印", "Open in a new window to print")}
        </Button>,
        <Button key="close" type="primary" onClick={onClose}>
          {t("关闭", "Close")}
        </Button>,
      ]}
    >
      <iframe src={url} title={t("报告 PDF", "Report PDF")} style={{ border: 0, width: "100%", height: "100%" }} />
    </Modal>
  );
}
