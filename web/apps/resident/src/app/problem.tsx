import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button } from "antd-mobile";

export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useT();
  const words = useErrorText()(error);
  return (
    <div className="problem" role="alert">
      {words.text}
      {words.fields.map((line) => (
        <div key={line}>{line}</div>
      ))}
      {words.requestId ? (
        <div className="muted">{t(`问题编号 ${words.requestId}`, `Reference ${words.requestId}`)}</div>
      ) : null}
      {onRetry ? (
        <div style={{ marginTop: 8 }}>
          <Button size="small" onClick={onRetry}>
            {t("重试", "Try again")}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
