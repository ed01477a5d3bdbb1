import { shortTime } from "@tianmu/ui/lib/time";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button } from "antd";
import type { SaveState } from "./use-report-draft";

interface SaveIndicatorProps {
  state: SaveState;
  savedAt: string | null;
  error: unknown;
  onRetry: () => void;
}

export function SaveIndicator({ state, savedAt, error, onRetry }: SaveIndicatorProps) {
  const t = useT();
  const words = useErrorText();
  if (state === "conflict") {
    return (
      <span role="alert" style={{ color: "#cf1322" }}>
        {t("报告已被他人修改，您的修改未保存", "Changed by someone else: not saved")}{" "}
        <Button size="small" danger onClick={() => window.location.reload()}>
          {t("载入最新内容", "Load the newest")}
        </Button>
      </span>
    );
  }
  if (state === "failed") {
    return (
      <span role="alert" style={{ color: "#cf1322" }} title={words(error).text}>
        {t("未能保存，将自动重试", "Not saved, trying again")}{" "}
        <Button size="small" onClick={onRetry}>
          {t("立即重试", "Retry now")}
        </Button>
      </span>
    );
  }
  const text =
    state === "saving"
      ? t("正在保存…", "Saving…")
      : state === "dirty"
        ? t("有修改，稍后自动保存", "Edited")
        : savedAt
          ? t(`已自动保存 ${shortTime(savedAt)}`, `Saved ${shortTime(savedAt)}`)
          : t("尚未填写", "Empty");
  return (
    <output className="tm-muted tm-num" aria-live="polite">
      {text}
    </output>
  );
}
