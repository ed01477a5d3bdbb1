import type { Recording } from "@tianmu/api/wire";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Descriptions } from "antd";
import { fileSize } from "../lib/upload-files";

export function RecordingFacts({ recording }: { recording: Recording }) {
  const t = useT();
  return (
    <Descriptions
      size="small"
      column={1}
      items={[
        { key: "format", label: t("格式", "Format"), children: recording.format_label },
        {
          key: "rate",
          label: t("采样", "Sampling"),
          children: `${recording.sample_rate_hz} Hz · ${recording.duration_s} s · ${t(`${recording.leads.length} 导联`, `${recording.leads.length} leads`)}`,
        },
        ...(recording.derived_leads.length > 0
          ? [{ key: "derived", label: t("计算导联", "Derived"), children: recording.derived_leads.join("、") }]
          : []),
        { key: "recorded", label: t("设备时间", "Device clock"), children: recording.recorded_at_text ?? "—" },
        { key: "device", label: t("设备", "Device"), children: recording.device ?? "—" },
        { key: "filters", label: t("设备滤波", "Device filters"), children: recording.filters ?? "—" },
        {
          key: "uploaded",
          label: t("上传", "Uploaded"),
          children: `${dateTime(recording.uploaded_at)} ${recording.uploaded_by}`,
        },
        {
          key: "files",
          label: t("原始文件", "Files"),
          children: (
            <span>
              {recording.files.map((file, n) => (
                <a
                  key={file.sm3}
                  href={`/api/v1/ecg/recordings/${recording.id}/files/${n}`}
                  download={file.name}
                  style={{ display: "block" }}
                  title={`SM3 ${file.sm3}`}
                >
                  {file.name}（{fileSize(file.size_bytes)}）
                </a>
              ))}
            </span>
          ),
        },
        ...(recording.analysis
          ? [{ key: "algorithm", label: t("分析算法", "Algorithm"), children: recording.analysis.algorithm }]
          : []),
      ]}
    />
  );
}
