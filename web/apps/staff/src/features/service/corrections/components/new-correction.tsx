import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Button, Checkbox, Drawer, Form, Input, Radio } from "antd";
import { useState } from "react";
import { can } from "../../../../app/permissions";
import { useMe } from "../../../session/session-context";
import { useTerms } from "../../api/use-terms";
import { ContractItemSelect } from "../../components/contract-item-select";
import { InstitutionField } from "../../components/institution-field";
import { toCents, yuan } from "../../lib/money";
import { useTicket } from "../../tickets/api/use-ticket";
import { useRequestCorrection } from "../api/use-request-correction";
import { approvalNeeded } from "../lib/approval";

interface Fields {
  organisation_id?: string;
  item_code: string;
  title: string;
  reason: string;
  about: "data" | "charge";
  medical_document?: boolean;
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
  const me = useMe();
  const [form] = Form.useForm<Fields>();
  const request = useRequestCorrection();
  const [error, setError] = useState<unknown>(null);
  const values = Form.useWatch([], form) as Fields | undefined;
  // Bureau and provider act for every institution, an institution for itself; a ticket says whose data it is.
  const forOthers = !ticketId && (can(me, "confirmRequirements") || can(me, "workTickets"));
  const terms = useTerms(values?.organisation_id);
  const charge = values?.about === "charge";
  const amount = terms.data?.approval_amount_cents;
  const approval = approvalNeeded(
    {
      rows: !charge,
      medicalDocument: !charge && (values?.medical_document ?? false),
      amountCents: toCents(values?.amount),
    },
    amount,
  );
  const required = [{ required: true, message: t("必填", "Required") }];
  const amountRule = {
    validator: (_: unknown, value: string | undefined) =>
      !value || toCents(value) !== null
        ? Promise.resolve()
        : Promise.reject(new Error(t("金额不正确", "Not an amount"))),
  };
  const send = async (fields: Fields) => {
    setError(null);
    try {
      const made = await request.mutateAsync({
        organisation_id: fields.organisation_id ?? null,
        ticket_id: ticketId,
        item_code: fields.item_code,
        title: fields.title,
        reason: fields.reason,
        touches: {
          medical_document: !charge && (fields.medical_document ?? false),
          database_change: !charge,
          amount_cents: toCents(fields.amount),
        },
        changes: charge ? [] : fields.changes.map((c) => ({ ...c, before: c.before ?? "", after: c.after ?? "" })),
        rollback_plan: fields.rollback_plan,
      });
      requested(made.id);
    } catch (caught) {
      setError(caught);
    }
  };
  const columns = [
    ["object", t("对象（表/文书）", "Object")],
    ["key", t("主键", "Key")],
    ["field", t("字段", "Field")],
    ["before", t("修改前", "Before")],
    ["after", t("修改后", "After")],
  ] as const;
  return (
    <Drawer
      open
      title={t("数据修改申请单", "Data correction")}
      onClose={close}
      size={860}
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
      {ticketId ? <TicketLine id={ticketId} /> : null}
      <Form
        form={form}
        layout="vertical"
        onFinish={(fields) => void send(fields)}
        initialValues={{ about: "data", changes: [{}] }}
        scrollToFirstError
      >
        {forOthers ? <InstitutionField label={t("申请机构", "Institution")} /> : null}
        <div style={{ display: "grid", gridTemplateColumns: "1fr 2fr", gap: "0 12px" }}>
          <Form.Item name="item_code" label={t("系统", "System")} rules={required}>
            <ContractItemSelect organisationId={values?.organisation_id} />
          </Form.Item>
          <Form.Item name="title" label={t("修改事项", "What is changed")} rules={required}>
            <Input maxLength={100} showCount />
          </Form.Item>
        </div>
        <Form.Item name="reason" label={t("修改原因", "Why")} rules={required}>
          <Input.TextArea rows={2} maxLength={1000} />
        </Form.Item>
        <Form.Item name="about" label={t("涉及", "Touches")}>
          <Radio.Group
            optionType="button"
            options={[
              { value: "data", label: t("修改数据", "Data are changed") },
              { value: "charge", label: t("只处理收费问题，不改数据", "A charge alone, no data are changed") },
            ]}
          />
        </Form.Item>
        <div style={{ display: "grid", gridTemplateColumns: "1fr 2fr", gap: "0 12px", alignItems: "end" }}>
          <Form.Item
            name="amount"
            label={t("收费金额", "Amount of the charge")}
            rules={charge ? [...required, amountRule] : [amountRule]}
          >
            <Input suffix="元" inputMode="decimal" placeholder={charge ? "" : t("与收费无关时留空", "If any")} />
          </Form.Item>
          {charge ? null : (
            <Form.Item name="medical_document" valuePropName="checked">
              <Checkbox>{t("修改的是医疗文书", "A medical document is changed")}</Checkbox>
            </Form.Item>
          )}
        </div>
        {approval === null ? null : (
          <Alert
            type={approval ? "warning" : "info"}
            style={{ marginBottom: 12 }}
            title={
              approval
                ? t("需要卫健局信息科审批，审批前不得操作。", "Needs approval; no work before it.")
                : t(
                    `收费问题不足 ${yuan(amount ?? 0)} 元且不改数据，无需审批，提交后即可处理。`,
                    `Below ${yuan(amount ?? 0)} yuan and no data are changed: no approval needed.`,
                  )
            }
          />
        )}
        {charge ? null : (
          <Form.List name="changes">
            {(rows, { add, remove }) => (
              <>
                <table className="service-table" style={{ marginBottom: 8 }}>
                  <thead>
                    <tr>
                      {columns.map(([field, name]) => (
                        <th key={field}>{name}</th>
                      ))}
                      <th />
                    </tr>
                  </thead>
                  <tbody>
                    {rows.map((row, n) => (
                      <tr key={row.key}>
                        {columns.map(([field, name]) => {
                          const value = field === "before" || field === "after";
                          const label = t(`第${n + 1}行${name}`, `${name}, row ${n + 1}`);
                          return (
                            <td key={field}>
                              <Form.Item
                                name={[row.name, field]}
                                rules={value ? [] : required}
                                style={{ marginBottom: 0 }}
                              >
                                {value ? (
                                  <Input.TextArea aria-label={label} autoSize={{ minRows: 1, maxRows: 8 }} />
                                ) : (
                                  <Input aria-label={label} maxLength={field === "key" ? 200 : 100} />
                                )}
                              </Form.Item>
                            </td>
                          );
                        })}
                        <td>
                          <Button
                            type="text"
                            aria-label={t(`删除第${n + 1}行`, `Remove row ${n + 1}`)}
                            icon={<DeleteOutlined />}
                            disabled={rows.length === 1}
                            onClick={() => remove(row.name)}
                          />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
                <Button
                  size="small"
                  icon={<PlusOutlined />}
                  disabled={rows.length >= 200}
                  onClick={() => add({})}
                  style={{ marginBottom: 12 }}
                >
                  {t("增加一行", "Add a row")}
                </Button>
              </>
            )}
          </Form.List>
        )}
        <Form.Item name="rollback_plan" label={t("回退方案", "How it is undone")} rules={required}>
          <Input.TextArea rows={2} maxLength={4000} />
        </Form.Item>
      </Form>
    </Drawer>
  );
}

/** The ticket of the form, and whose data it is. */
function TicketLine({ id }: { id: string }) {
  const t = useT();
  const ticket = useTicket(id).data;
  if (!ticket) return null;
  return (
    <Alert
      style={{ marginBottom: 12 }}
      title={t(
        `工单 ${ticket.number} ${ticket.title}（${ticket.organisation_name}）`,
        `Ticket ${ticket.number} ${ticket.title} (${ticket.organisation_name})`,
      )}
    />
  );
}
