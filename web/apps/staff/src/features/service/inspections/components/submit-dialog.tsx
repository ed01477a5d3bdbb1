import { asApiError } from "@tianmu/api/problem";
import type { Inspection } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Button, Input, Modal } from "antd";
import { useState } from "react";
import { useInspectionStep } from "../api/use-inspection-step";
import { WHY_WORDS } from "../lib/words";

interface SubmitDialogProps {
  inspection: Inspection;
  onClose: () => void;
  /** Goes to the unit where something is open; not given where it cannot be filled in. */
  onOpenUnit?: (unitId: string) => void;
}

/** Party B signs. What is not finished is listed, each with a way to it. */
export function SubmitDialog({ inspection, onClose, onOpenUnit }: SubmitDialogProps) {
  const t = useT();
  const step = useInspectionStep(inspection.id);
  const [summary, setSummary] = useState(inspection.summary ?? "");
  const [error, setError] = useState<unknown>(null);
  const open = inspection.unit_list.flatMap((unit) => unit.open);
  const send = async () => {
    setError(null);
    try {
      await step.mutateAsync({ step: "submit", summary });
      onClose();
    } catch (caught) {
      setError(caught);
    }
  };
  const incomplete = error !== null && asApiError(error).code === "inspection_incomplete";
  return (
    <Modal
      open
      title={t("提交巡检报告", "Submit the report")}
      okText={t("签署并提交", "Sign and submit")}
      cancelText={t("取消", "Cancel")}
      okButtonProps={{ disabled: summary.trim() === "" || open.length > 0 }}
      confirmLoading={step.isPending}
      onOk={() => void send()}
      onCancel={onClose}
      width={560}
    >
      {open.length > 0 ? (
        <Alert
          type="warning"
          showIcon
          title={t(`还有 ${open.length} 项没有完成`, `${open.length} items are not finished`)}
          description={
            <ul style={{ margin: 0, paddingInlineStart: 16, maxHeight: 220, overflow: "auto" }}>
              {open.slice(0, 100).map((item) => (
                <li key={`${item.unit_id}/${item.code}`}>
                  {onOpenUnit ? (
                    <Button type="link" size="small" style={{ padding: 0 }} onClick={() => onOpenUnit(item.unit_id)}>
                      {item.unit}
                    </Button>
                  ) : (
                    item.unit
                  )}{" "}
                  {t(item.zh, item.en)}（{t(...(WHY_WORDS[item.why] ?? [item.why, item.why]))}）
                </li>
              ))}
            </ul>
          }
        />
      ) : (
        <p style={{ marginTop: 0 }}>
          {t(
            `${inspection.units} 台设备、${inspection.items} 项已完成，异常 ${inspection.abnormal} 项。提交即由您代表乙方签署，甲方确认前不能再改。`,
            `${inspection.units} units, ${inspection.items} items done, ${inspection.abnormal} abnormal. Submitting signs it for party B; it cannot be changed unless party A returns it.`,
          )}
        </p>
      )}
      <label htmlFor="inspection-summary" style={{ display: "block", margin: "10px 0 4px" }}>
        {t("巡检结论", "Summary")}
      </label>
      <Input.TextArea
        id="inspection-summary"
        value={summary}
        onChange={(event) => setSummary(event.target.value)}
        rows={4}
        maxLength={1000}
        showCount
        style={{ marginBottom: 22 }}
      />
      {error && !incomplete ? (
        <div style={{ marginTop: 12 }}>
          <ErrorState error={error} />
        </div>
      ) : null}
    </Modal>
  );
}
