import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { DatePicker, Form, Input, Modal } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { can } from "../../../../app/permissions";
import { useMe } from "../../../session/session-context";
import { useTerms } from "../../api/use-terms";
import { ContractItemSelect } from "../../components/contract-item-select";
import { InstitutionField } from "../../components/institution-field";
import { useRegisterRequirement } from "../api/use-register-requirement";

interface Fields {
  organisation_id?: string;
  item_code?: string;
  title: string;
  description: string;
  requester_name?: string;
  received_at?: Dayjs;
}

/** Registers what somebody wants. */
export function NewRequirement({ close, registered }: { close: () => void; registered: (id: string) => void }) {
  const t = useT();
  const me = useMe();
  const [form] = Form.useForm<Fields>();
  const register = useRegisterRequirement();
  const [error, setError] = useState<unknown>(null);
  const place = Form.useWatch("organisation_id", form) as string | undefined;
  const terms = useTerms(place).data;
  const hours = [(terms?.feedback_ordinary_min ?? 1440) / 60, (terms?.feedback_complex_min ?? 4320) / 60];
  const required = [{ required: true, message: t("必填", "Required") }];
  const forOthers = can(me, "confirmRequirements") || can(me, "workTickets");
  const send = async (values: Fields) => {
    setError(null);
    try {
      const made = await register.mutateAsync({
        organisation_id: values.organisation_id ?? null,
        item_code: values.item_code ?? null,
        title: values.title,
        description: values.description,
        requester_name: values.requester_name ?? null,
        received_at: values.received_at?.toISOString() ?? null,
      });
      registered(made.id);
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <Modal
      open
      width={560}
      title={t("登记需求", "Register a requirement")}
      onCancel={close}
      okText={t("登记", "Register")}
      onOk={() => form.submit()}
      okButtonProps={{ loading: register.isPending }}
    >
      {error ? <ErrorState error={error} /> : null}
      <Form form={form} layout="vertical" onFinish={(values) => void send(values)}>
        {forOthers ? <InstitutionField label={t("提出机构", "Institution")} /> : null}
        <Form.Item name="item_code" label={t("系统", "System")}>
          <ContractItemSelect organisationId={place} placeholder={t("哪个系统", "Which system")} />
        </Form.Item>
        <Form.Item name="title" label={t("需求名称", "Title")} rules={required}>
          <Input maxLength={100} showCount />
        </Form.Item>
        <Form.Item name="description" label={t("需求内容", "What is wanted")} rules={required}>
          <Input.TextArea rows={4} maxLength={8000} />
        </Form.Item>
        <Form.Item name="requester_name" label={t("提出人", "Who wants it")}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item
          name="received_at"
          label={t("接收时间（留空为现在）", "Received (now when empty)")}
          help={t(
            `反馈时限自此时起算：普通${hours[0]}小时，复杂${hours[1]}小时`,
            `Feedback is due ${hours[0]} hours later, ${hours[1]} for a complex one`,
          )}
        >
          <DatePicker showTime={{ format: "HH:mm:ss" }} style={{ width: "100%" }} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
