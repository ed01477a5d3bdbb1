import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Button, Checkbox, Drawer, Form, Input } from "antd";
import { useState } from "react";
import { ItemSelect } from "../../components/item-select";
import { toCents } from "../../lib/money";
import { useRequestCorrection } from "../api/use-request-correction";

interface Fields {
  item_code: string;
  title: string;
  reason: string;
  medical_document?: boolean;
  database_change?: boolean;
  amount?: string;
  changes: { object: string; key: string; field: string; before?: string; after?: string }[];
  rollback_plan: string;
}

interface NewCorrectionProps {
  /** The ticket that waits for it. */
  ticketId: string | null;
  close: () => void;
  requested: (id: string) => void;
}

/** The form of a data correction, with values before and after. */
export function NewCorrection({ ticketId, close, requested }: NewCorrectionProps) {
  const t = useT();
  const [form] = Form.useForm<Fields>();
  const request = useRequestCorrection();
  const [error, setError] = useState<unknown>(null);
  const values = Form.useWatch([], form) as Fields | undefined;
  const approval = values?.medical_document || values?.database_change || (toCents(values?.amount) ?? 0) >= 100_000;
  const required = [{ required: true, message: t("必填", "Required") }];
  const send = async (fields: Fields) => {
    setError(null);
    try {
      const made = await request.mutateAsync({
        organisation_id: null,
        ticket_id: ticketId,
        item_code: fields.item_code,
        title: fields.title,
        reason: fields.reason,
        touches: {
          medical_document: fields.medical_document ?? false,
          database_change: fields.database_change ?? false,
          amount_cents: toCents(fields.amount),
        },
        changes: fields.changes.map((c) => ({ ...c, before: c.before ?? "", after: c.after ?? "" })),
        rollback_plan: fields.rollback_plan,
      });
      requested(made.id);
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <Drawer
      open
      title={t("数据修改申请单", "Data correction")}
      onClose={close}
      size={760}
      footer={
        <div style={{ display: "flex", gap: 8, justifyContent: "flex-end" }}>
          <Button onClick={close}>{t("取消", "Cancel")}</Button>
          <Button type="primary" loading={request.isPending} onClick={() => form.submit()}>
            {t("提交申请", "Hand in")}
          </Button>
        </div>
      }
    >
      {error ? <ErrorState error={error} /> : null}
      <Form form={form} layout="vertical" onFinish={(fields) => void send(fields)} initialValues={{ changes: [{}] }}>
        <div style={{ display: "grid", gridTemplateColumns: "1fr 2fr", gap: "0 12px" }}>
          <Form.Item name="item_code" label={t("系统", "System")} rules={required}>
            <ItemSelect width="100%" placeholder={t("选择系统", "Choose")} />
          </Form.Item>
          <Form.Item name="title" label={t("修改事项", "What is changed")} rules={required}>
            <Input maxLength={100} showCount />
          </Form.Item>
        </div>
        <Form.Item name="reason" label={t("修改原因", "Why")} rules={required}>
          <Input.TextArea rows={2} maxLength={1000} />
        </Form.Item>
        <Form.Item label={t("涉及", "Touches")}>
          <Form.Item name="medical_document" valuePropName="checked" noStyle>
            <Checkbox>{t("医疗文书", "A medical document")}</Checkbox>
          </Form.Item>
          <Form.Item name="database_change" valuePropName="checked" noStyle>
            <Checkbox>{t("数据库数据", "Data in a database")}</Checkbox>
          </Form.Item>
          <Form.Item name="amount" noStyle>
            <Input
              style={{ width: 200, marginInlineStart: 8 }}
              prefix={t("收费问题", "Charge")}
              suffix="元"
              inputMode="decimal"
            />
          </Form.Item>
        </Form.Item>
        <Alert
          type={approval ? "warning" : "info"}
          style={{ marginBottom: 12 }}
          title={
            approval
              ? t("需要卫健局信息科审批，审批前不得操作。", "Needs approval; no work before it.")
              : t("按规则无需审批，提交后即可执行。", "No approval needed by the rule.")
          }
        />
        <Form.List name="changes">
          {(rows, { add, remove }) => (
            <>
              <table className="service-table" style={{ marginBottom: 8 }}>
                <thead>
                  <tr>
                    <th>{t("对象（表/文书）", "Object")}</th>
                    <th>{t("主键", "Key")}</th>
                    <th>{t("字段", "Field")}</th>
                    <th>{t("修改前", "Before")}</th>
                    <th>{t("修改后", "After")}</th>
                    <th />
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.key}>
                      {(["object", "key", "field", "before", "after"] as const).map((field) => (
                        <td key={field}>
                          <Form.Item
                            name={[row.name, field]}
                            noStyle
                            rules={field === "before" || field === "after" ? [] : required}
                          >
                            <Input aria-label={field} />
                          </Form.Item>
                        </td>
                      ))}
                      <td>
                        <Button
                          type="text"
                          aria-label={t("删除此行", "Remove")}
                          icon={<DeleteOutlined />}
                          disabled={rows.length === 1}
                          onClick={() => remove(row.name)}
                        />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <Button size="small" icon={<PlusOutlined />} onClick={() => add({})} style={{ marginBottom: 12 }}>
                {t("增加一行", "Add a row")}
              </Button>
            </>
          )}
        </Form.List>
        <Form.Item name="rollback_plan" label={t("回退方案", "How it is undone")} rules={required}>
          <Input.TextArea rows={2} maxLength={4000} />
        </Form.Item>
      </Form>
    </Drawer>
  );
}
