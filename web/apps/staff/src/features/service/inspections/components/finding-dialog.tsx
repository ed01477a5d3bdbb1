import type { Inspection } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { OrganisationSelect } from "../../../ecg/components/organisation-select";
import { useInspectionStep } from "../api/use-inspection-step";
import type { Abnormal } from "./abnormal-list";

interface FindingDialogProps {
  inspection: Inspection;
  found: Abnormal;
  onClose: () => void;
}

interface Fields {
  title: string;
  description?: string;
  priority: number;
  organisation_id?: string;
}

/** A fault becomes a ticket at the institution that has it. */
export function FindingDialog({ inspection, found, onClose }: FindingDialogProps) {
  const t = useT();
  const [form] = Form.useForm<Fields>();
  const step = useInspectionStep(inspection.id);
  const [error, setError] = useState<unknown>(null);
  const send = async () => {
    const fields = await form.validateFields();
    setError(null);
    try {
      await step.mutateAsync({
        step: "report_finding",
        unit_id: found.unitId,
        code: found.code,
        title: fields.title,
        description: fields.description ?? "",
        priority: fields.priority,
        organisation_id: fields.organisation_id,
      });
      onClose();
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <Modal
      open
      title={t("转工单", "Open a ticket")}
      okText={t("开单", "Open")}
      cancelText={t("取消", "Cancel")}
      confirmLoading={step.isPending}
      onOk={() => void send()}
      onCancel={onClose}
      width={480}
    >
      <p className="tm-muted" style={{ marginTop: 0 }}>
        {found.unit} · {found.item} {found.said} {found.remark}
      </p>
      <Form<Fields>
        form={form}
        layout="vertical"
        initialValues={{
          title: `${found.unit} ${found.item}${t("异常", " abnormal")}`.slice(0, 100),
          priority: 3,
          organisation_id: found.organisationId ?? undefined,
        }}
      >
        <Form.Item name="title" label={t("标题", "Title")} rules={[{ required: true, whitespace: true }]}>
          <Input maxLength={100} autoFocus />
        </Form.Item>
        <Form.Item
          name="organisation_id"
          label={t("发生机构", "Institution")}
          rules={[{ required: true, message: t("请选择机构", "Choose an institution") }]}
          getValueProps={(value: string | undefined) => ({ value })}
        >
          <OrganisationField />
        </Form.Item>
        <Form.Item name="priority" label={t("紧急程度", "Priority")}>
          <Select
            options={[
              { value: 1, label: t("1 业务中断", "1 Work stopped") },
              { value: 2, label: t("2 明显受影响", "2 Work affected") },
              { value: 3, label: t("3 一般", "3 Ordinary") },
              { value: 4, label: t("4 建议", "4 A wish") },
            ]}
          />
        </Form.Item>
        <Form.Item name="description" label={t("补充说明", "More")}>
          <Input.TextArea rows={3} maxLength={1000} />
        </Form.Item>
      </Form>
      {error ? <ErrorState error={error} /> : null}
    </Modal>
  );
}

/** The tree of institutions as a field of a form. */
function OrganisationField({ value, onChange }: { value?: string; onChange?: (id: string | undefined) => void }) {
  const t = useT();
  return (
    <OrganisationSelect
      value={value}
      onChange={(id) => onChange?.(id)}
      width="100%"
      placeholder={t("设备所在或受影响的机构", "Where it stands or is missed")}
    />
  );
}
