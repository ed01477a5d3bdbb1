import type { RetakeReason } from "@tianmu/api/wire";
import { ReasonDialog } from "@tianmu/ui/reason-dialog";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Radio } from "antd";
import { useState } from "react";
import { useRequestRetake } from "../api/use-request-retake";
import { RETAKE_WORDS } from "../lib/words";

interface RetakeDialogProps {
  examId: string;
  open: boolean;
  onClose: () => void;
  onDone: () => void;
}

export function RetakeDialog({ examId, open, onClose, onDone }: RetakeDialogProps) {
  const t = useT();
  const { message } = App.useApp();
  const retake = useRequestRetake();
  const [code, setCode] = useState<RetakeReason>("lead_reversal");
  return (
    <ReasonDialog
      open={open}
      title={t("要求重新采集", "Request another recording")}
      explain={t("送检机构会收到提示，重新采集上传后再提交。", "The sender is told, records again and submits again.")}
      okText={t("发出要求", "Send")}
      suggestions={[
        t("左右手电极接反", "Arm electrodes swapped"),
        t("肌电干扰严重，请嘱患者放松", "Muscle artefact"),
        t("V1 导联脱落", "V1 off"),
      ]}
      onCancel={onClose}
      onConfirm={async (reason) => {
        await retake.mutateAsync({ id: examId, reason_code: code, reason });
        message.success(t("已要求重采", "Retake requested"));
        onClose();
        onDone();
      }}
    >
      <Radio.Group
        aria-label={t("重采原因", "Why")}
        value={code}
        onChange={(event) => setCode(event.target.value as RetakeReason)}
        options={Object.entries(RETAKE_WORDS).map(([value, pair]) => ({ value, label: t(...pair) }))}
        style={{ marginBottom: 10 }}
      />
    </ReasonDialog>
  );
}
