import type { Intake, TicketChannel, TicketClass } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Checkbox, DatePicker, Drawer, Form, Input, Radio, Select, Button } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { can } from "../../../../app/permissions";
import { useMe } from "../../../session/session-context";
import { useTerms } from "../../api/use-terms";
import { ContractItemSelect } from "../../components/contract-item-select";
import { InstitutionField } from "../../components/institution-field";
import { approvalNeeded } from "../../corrections/lib/approval";
import { useIntakeStep } from "../../intake/api/use-intake-step";
import { Suggestions } from "../../knowledge/components/suggestions";
import { toCents } from "../../lib/money";
import { useOpenTicket } from "../api/use-open-ticket";
import { CHANNEL_WORDS, CLASS_HELP, CLASS_WORDS, PRIORITY_WORDS } from "../lib/words";

interface Fields {
  organisation_id?: string;
  channel: TicketChannel;
  class: TicketClass;
  priority: number;
  item_code?: string;
  title: string;
  description?: string;
  caller_name?: string;
  caller_phone?: string;
  opened_at?: Dayjs;
  medical_document?: boolean;
  database_change?: boolean;
  amount?: string;
}

interface NewTicketProps {
  close: () => void;
  opened: (id: string) => void;
  /** What was looked for in vain. */
  title?: string;
  /** The letter or alert that it is opened for: its moment and its text are the ticket's. */
  intake?: Intake;
}

/** Reports a fault, or enters what somebody reported by phone or chat. */
export function NewTicket({ close, opened, title, intake }: NewTicketProps) {
  const t = useT();
  const me = useMe();
  const [form] = Form.useForm<Fields>();
  const open = useOpenTicket();
  const fromIntake = useIntakeStep(intake?.id ?? "");
  const desk = can(me, "workTickets");
  const kind = Form.useWatch("class", form) ?? "question";
  const touches = Form.useWatch([], form) as Fields | undefined;
  const [error, setError] = useState<unknown>(null);
  const terms = useTerms(touches?.organisation_id);
  const approval = approvalNeeded(
    {
      rows: kind === "data_correction" || (touches?.database_change ?? false),
      medicalDocument: touches?.medical_document ?? false,
      amountCents: toCents(touches?.amount),
    },
    terms.data?.approval_amount_cents,
  );
  const send = async (values: Fields) => {
    setError(null);
    try {
      const common = {
        class: values.class,
        priority: values.priority,
        item_code: values.item_code ?? null,
        title: values.title,
        caller_name: values.caller_name ?? null,
        caller_phone: values.caller_phone ?? null,
        touches: {
          medical_document: values.medical_document ?? false,
          database_change: values.database_change ?? false,
          amount_cents: toCents(values.amount),
        },
      };
      if (intake) {
        const made = await fromIntake.mutateAsync({
          step: "open",
          organisation_id: values.organisation_id ?? "",
          ...common,
        });
        if (made.ticket_id) opened(made.ticket_id);
        return;
      }
      const ticket = await open.mutateAsync({
        organisation_id: values.organisation_id ?? null,
        channel: values.channel,
        description: values.description ?? "",
        opened_at: values.opened_at?.toISOString() ?? null,
        ...common,
      });
      opened(ticket.id);
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <Drawer
      open
      title={t("报障 / 新建工单", "New ticket")}
      onClose={close}
      size={560}
      footer={
        <div style={{ display: "flex", gap: 8, justifyContent: "flex-end" }}>
          <Button onClick={close}>{t("取消", "Cancel")}</Button>
          <Button type="primary" loading={open.isPending || fromIntake.isPending} onClick={() => form.submit()}>
            {t("提交", "Submit")}
          </Button>
        </div>
      }
    >
      {error ? <ErrorState error={error} /> : null}
      <Form
        form={form}
        layout="vertical"
        onFinish={(values) => void send(values)}
        initialValues={{
          title: intake?.subject.slice(0, 100) ?? title,
          organisation_id: intake?.organisation_id,
          caller_name: intake?.sender_name?.slice(0, 40),
          channel: desk ? "phone" : "web",
          class: intake?.channel === "alert" ? "fault" : "question",
          priority: 3,
        }}
      >
        <Form.Item
          name="title"
          label={t("什么问题", "What is wrong")}
          rules={[{ required: true, message: t("必填", "Required") }]}
        >
          <Input
            maxLength={100}
            showCount
            autoFocus
            placeholder={t("一句话说清，例如：心电报告打印不出来", "In one line")}
          />
        </Form.Item>
        <Suggestions
          text={touches?.title ?? ""}
          item={touches?.item_code}
          title={t("先看看这些能不能解决", "One of these may solve it")}
          newTab
        />
        {intake ? null : (
          <Form.Item name="description" label={t("详细情况", "Particulars")}>
            <Input.TextArea
              rows={3}
              maxLength={4000}
              placeholder={t("地点、设备、提示文字、影响了什么", "Where, which device, what it says")}
            />
          </Form.Item>
        )}
        <Form.Item name="class" label={t("类别", "Class")} help={t(...CLASS_HELP[kind])}>
          <Radio.Group
            optionType="button"
            options={(Object.keys(CLASS_WORDS) as TicketClass[]).map((value) => ({
              value,
              label: t(...CLASS_WORDS[value]),
            }))}
          />
        </Form.Item>
        <div style={{ display: "grid", gridTemplateColumns: "1fr 1fr", gap: "0 12px", marginTop: 28 }}>
          <Form.Item name="item_code" label={t("系统", "System")}>
            <ContractItemSelect organisationId={touches?.organisation_id} placeholder={t("哪个系统", "Which system")} />
          </Form.Item>
          <Form.Item name="priority" label={t("影响程度", "Impact")}>
            <Select
              options={[1, 2, 3, 4].map((value) => ({ value, label: t(...(PRIORITY_WORDS[value] ?? ["", ""])) }))}
            />
          </Form.Item>
          {desk ? (
            <>
              <InstitutionField label={t("机构", "Institution")} />
              <Form.Item name="channel" label={t("渠道", "Channel")} hidden={!!intake}>
                <Select
                  options={(Object.keys(CHANNEL_WORDS) as TicketChannel[]).map((value) => ({
                    value,
                    label: t(...CHANNEL_WORDS[value]),
                  }))}
                />
              </Form.Item>
            </>
          ) : null}
          <Form.Item name="caller_name" label={t("报障人", "Caller")}>
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item name="caller_phone" label={t("联系电话", "Phone")}>
            <Input maxLength={30} />
          </Form.Item>
        </div>
        {intake ? (
          <p className="tm-muted">
            {t(
              `报障时间为 ${dateTime(intake.at)}（${intake.channel === "mail" ? "邮件到达" : "告警开始"}），时限按它计算；内容随来件。`,
              `Opened at ${dateTime(intake.at)}, from when the limits count; the text is that of the ${intake.channel === "mail" ? "letter" : "alert"}.`,
            )}
          </p>
        ) : null}
        {desk && !intake ? (
          <Form.Item
            name="opened_at"
            label={t("报障时间", "When it was reported")}
            help={t(
              "留空为现在；微信、QQ 请填消息的时间，时限按它计算",
              "Now when empty; a chat message keeps its own time",
            )}
          >
            <DatePicker showTime={{ format: "HH:mm:ss" }} style={{ width: "100%" }} />
          </Form.Item>
        ) : null}
        <Form.Item
          label={t("涉及", "Touches")}
          style={{ marginTop: 16 }}
          help={
            approval
              ? t(
                  "需先填数据修改申请单，并经卫健局信息科审批后方可处理（附件1 1.3.2-4）",
                  "Needs an approved data correction before any work",
                )
              : undefined
          }
        >
          <Form.Item name="medical_document" valuePropName="checked" noStyle>
            <Checkbox>{t("修改医疗文书", "A medical document")}</Checkbox>
          </Form.Item>
          <Form.Item name="database_change" valuePropName="checked" noStyle>
            <Checkbox>{t("修改数据库数据", "Data in a database")}</Checkbox>
          </Form.Item>
          <Form.Item name="amount" noStyle>
            <Input
              style={{ width: 190, marginInlineStart: 8 }}
              prefix={t("收费问题", "Charge")}
              suffix="元"
              inputMode="decimal"
            />
          </Form.Item>
        </Form.Item>
      </Form>
    </Drawer>
  );
}
