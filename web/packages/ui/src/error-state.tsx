import { Alert, Button } from "antd";
import { useErrorText } from "./lib/use-error-text";
import { useT } from "./lib/use-lang";

interface ErrorStateProps {
  error: unknown;
  onRetry?: () => void;
}

/** Something did not load: what, why, the reference for support, and a way to try again. */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  const t = useT();
  const words = useErrorText()(error);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={words.text}
      description={
        words.detail || words.requestId || words.fields.length > 0 ? (
          <>
            {words.fields.length > 0 ? (
              <ul style={{ margin: 0, paddingInlineStart: 18 }}>
                {words.fields.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            ) : null}
            {words.detail ? <div className="tm-pre">{words.detail}</div> : null}
            {words.requestId ? (
              <div className="tm-muted" style={{ fontSize: 12 }}>
                {t("问题编号", "Reference")} {words.requestId}
              </div>
            ) : null}
          </>
        ) : undefined
      }
      action={
        onRetry ? (
          <Button size="small" onClick={onRetry}>
            {t("重试", "Try again")}
          </Button>
        ) : undefined
      }
    />
  );
}
