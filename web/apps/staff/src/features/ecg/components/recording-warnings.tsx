import type { Recording } from "@tianmu/api/wire";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert } from "antd";

/** Warnings about a recording, in the words of the reader of the file. */
export function RecordingWarnings({ recording }: { recording: Recording }) {
  const t = useT();
  const poor = (recording.analysis?.quality ?? []).filter((each) => each.level !== "ok");
  const words: Record<string, string> = {
    noisy: t("干扰", "noisy"),
    flat: t("平直", "flat"),
    missing: t("缺失", "missing"),
  };
  const lines = [
    ...recording.warnings.map((warning) => warning.detail),
    ...(poor.length > 0
      ? [
          t(
            `信号质量：${poor.map((each) => `${each.lead} ${words[each.level] ?? each.level}`).join("、")}`,
            `Signal: ${poor.map((each) => `${each.lead} ${words[each.level] ?? each.level}`).join(", ")}`,
          ),
        ]
      : []),
  ];
  if (recording.analysis_state === "failed")
    lines.push(
      t(
        `自动分析失败：${recording.analysis_error ?? ""}。可直接人工判读。`,
        `Analysis failed: ${recording.analysis_error ?? ""}`,
      ),
    );
  const state: string = recording.analysis_state;
  if (state === "not_applicable") {
    lines.push(
      t(
        `不适用自动分析：${recording.analysis_error ?? ""}。请人工判读。`,
        `Not analysed: ${recording.analysis_error ?? ""}`,
      ),
    );
  }
  if (lines.length === 0) return null;
  return <Alert type="warning" showIcon banner title={lines.join("；")} style={{ padding: "4px 12px" }} />;
}

export function NoRecording() {
  const t = useT();
  return <Alert type="warning" showIcon title={t("没有心电数据", "No recording")} />;
}
