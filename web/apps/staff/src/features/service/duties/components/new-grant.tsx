import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Button, DatePicker, Drawer, Form, Input, Select } from "antd";
import type { GrantAccess } from "@tianmu/api/wire";
import type { Dayjs } from "dayjs";
import { ContractItemSelect } from "../../components/contract-item-select";
import { useDutyPeople } from "../api/use-duty-people";
import { useRequestGrant } from "../api/use-request-grant";
import { GRANT_ACCESS, PERSON_MARKS } from "../lib/words";

interface Fields {
  person_id: string;
  item_code: string;
  system_name: string;
  access: GrantAccess;
  reason: string;
  from?: Dayjs;
  until: Dayjs;
}

interface NewGrantProps {
  close: () => void;
  requested: (id: string) => void;
}

/** The provider asks for access for one of its people. */
export function NewGrant({ close, requested }: NewGrantProps) {
  const t = useT();
  const [form] = Form.useForm<Fields>();
  const people = useDutyPeople({});
  const request = useRequestGrant();
  const chosen = Form.useWatch("person_id", form) as string | undefined;
  const person = people.items.find((each) => each.id === chosen);
  const required = [{ required: true, message: t("必填", "Required") }];
  const marks = (codes: string[]) => codes.map((code) => t(...(PERSON_MARKS[code] ?? [code, code]))).join("、");
  const send = (fields: Fields) =>
    request.mutate(
      {
        ...fields,
        from: fields.from?.toISOString() ?? null,
        until: fields.until.toISOString(),
      },
      { onSuccess: (made) => requested(made.id) },
    );
  return (
    <Drawer
      open
      title={t("申请权限", "Ask for access")}
      onClose={close}
      size={520}
      footer={
        <div style={{ display: "flex", gap: 8, justifyContent: "flex-end" }}>
          <Button onClick={close}>{t("取消", "Cancel")}</Button>
          <Button
            type="primary"
            loading={request.isPending}
            disabled={(person?.obstacles.length ?? 0) > 0}
            onClick={() => form.submit()}
          >
            {t("提交申请", "Hand in")}
          </Button>
        </div>
      }
    >
      {request.isError ? <ErrorState error={request.error} /> : null}
      <Form form={form} layout="vertical" onFinish={send} scrollToFirstError>
        <Form.Item name="person_id" label={t("人员", "Person")} rules={required}>
          <Select
            showSearch={{ optionFilterProp: "label" }}
            loading={people.query.isPending}
            options={people.items.map((each) => ({ value: each.id, label: `${each.name} · ${each.post}` }))}
          />
        </Form.Item>
        {person && person.obstacles.length > 0 ? (
          <Alert
            type="error"
            style={{ marginBottom: 12 }}
            title={t(`不能申请：${marks(person.obstacles)}`, `Not possible: ${marks(person.obstacles)}`)}
          />
        ) : null}
        {person && person.warnings.length > 0 ? (
          <Alert type="warning" style={{ marginBottom: 12 }} title={marks(person.warnings)} />
        ) : null}
        <Form.Item name="item_code" label={t("合同项目", "Item")} rules={required}>
          <ContractItemSelect />
        </Form.Item>
        <Form.Item name="system_name" label={t("系统或设备", "System")} rules={required}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="access" label={t("权限（最小够用）", "Access, as little as will do")} rules={required}>
          <Select options={Object.entries(GRANT_ACCESS).map(([value, words]) => ({ value, label: t(...words) }))} />
        </Form.Item>
        <Form.Item name="reason" label={t("用途", "Reason")} rules={required}>
          <Input.TextArea rows={3} maxLength={500} />
        </Form.Item>
        <Form.Item name="from" label={t("开始（留空为批准即生效）", "From (at once when empty)")}>
          <DatePicker showTime={{ format: "HH:mm" }} style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item
          name="until"
          label={t("截止", "Until")}
          help={t("不得晚于合同期满；到期自动失效", "At the latest with the contract; it ends by itself")}
          rules={required}
        >
          <DatePicker showTime={{ format: "HH:mm" }} style={{ width: "100%" }} />
        </Form.Item>
      </Form>
    </Drawer>
  );
}
