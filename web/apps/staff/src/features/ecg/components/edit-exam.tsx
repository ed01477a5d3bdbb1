import type { Exam, Urgency } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Form, Input, Modal, Radio } from "antd";
import { useEditExam } from "../api/use-edit-exam";
import { URGENCY_WORDS } from "../lib/words";

interface Fields {
  urgency: Urgency;
  clinical_note?: string;
  device_name?: string;
}

export function EditExam({ exam, onClose }: { exam: Exam; onClose: () => void }) {
  const t = useT();
  const edit = useEditExam();
  const [form] = Form.useForm<Fields>();
  return (
    <Modal
      open
      title={t("修改申请信息", "Edit the request")}
      onCancel={onClose}
      okText={t("保存", "Save")}
      confirmLoading={edit.isPending}
      onOk={() => form.submit()}
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        initialValues={{
          urgency: exam.urgency,
          clinical_note: exam.clinical_note ?? "",
          device_name: exam.device_name ?? "",
        }}
        onFinish={(fields) =>
          edit.mutate(
            {
              id: exam.id,
              row_version: exam.row_version,
              urgency: fields.urgency,
              clinical_note: fields.clinical_note?.trim() || null,
              device_name: fields.device_name?.trim() || null,
            },
            { onSuccess: onClose },
          )
        }
      >
        <Form.Item name="urgency" label={t("紧急程度", "Level")}>
          <Radio.Group
            optionType="button"
            options={(["routine", "urgent", "stat"] as const).map((value) => ({
              value,
              label: t(...URGENCY_WORDS[value]),
            }))}
          />
        </Form.Item>
        <Form.Item name="clinical_note" label={t("临床信息", "Clinical note")}>
          <Input.TextArea rows={3} maxLength={500} />
        </Form.Item>
        <Form.Item name="device_name" label={t("心电图机", "Device")}>
          <Input maxLength={80} />
        </Form.Item>
        {edit.isError ? <ErrorState error={edit.error} /> : null}
      </Form>
    </Modal>
  );
}
