import { Button, Input, Modal, Tag } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { ErrorState } from "./error-state";
import { useT } from "./lib/use-lang";

interface ReasonDialogProps {
  open: boolean;
  title: string;
  /** What will happen, in a sentence. */
  explain?: ReactNode;
  okText: string;
  danger?: boolean;
  /** Usual reasons to click instead of typing. */
  suggestions?: string[];
  /** The shortest reason that is accepted, in characters. */
  minLength?: number;
  children?: ReactNode;
  onCancel: () => void;
  onConfirm: (reason: string) => Promise<unknown>;
}

/** A destructive or accountable act asks for its reason, which is kept with the record. */
export function ReasonDialog(props: ReasonDialogProps) {
  const t = useT();
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (!props.open) return;
    setReason("");
    setError(null);
  }, [props.open]);
  const minLength = props.minLength ?? 2;
  const ready = [...reason.trim()].length >= minLength;
  const confirm = async () => {
    if (!ready || busy) return;
    setBusy(true);
    setError(null);
    try {
      await props.onConfirm(reason.trim());
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open={props.open}
      title={props.title}
      onCancel={props.onCancel}
      destroyOnHidden
      width={460}
      footer={[
        <Button key="cancel" onClick={props.onCancel}>
          {t("取消", "Cancel")}
        </Button>,
        <Button key="ok" type="primary" danger={props.danger} disabled={!ready} loading={busy} onClick={confirm}>
          {props.okText}
        </Button>,
      ]}
    >
      {props.explain ? <p style={{ marginTop: 0 }}>{props.explain}</p> : null}
      {props.children}
      <label htmlFor="reason-text" style={{ display: "block", marginBottom: 4 }}>
        {t(`原因（至少 ${minLength} 个字，将记入日志）`, `Reason (at least ${minLength} characters, kept in the log)`)}
      </label>
      <Input.TextArea
        id="reason-text"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        rows={3}
        maxLength={200}
        showCount
        autoFocus
      />
      {props.suggestions?.length ? (
        <div style={{ marginTop: 8, display: "flex", gap: 6, flexWrap: "wrap" }}>
          {props.suggestions.map((text) => (
            <Tag key={text} style={{ cursor: "pointer", margin: 0 }} onClick={() => setReason(text)}>
              {text}
            </Tag>
          ))}
        </div>
      ) : null}
      {error ? (
        <div style={{ marginTop: 12 }}>
          <ErrorState error={error} />
        </div>
      ) : null}
    </Modal>
  );
}
