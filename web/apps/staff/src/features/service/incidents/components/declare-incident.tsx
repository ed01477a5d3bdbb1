import type { IncidentEvidence, Ticket } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, DatePicker, Drawer, Form, Input, Select, Steps } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useOrganisations } from "../../../organisations/api/use-organisations";
import { ItemSelect } from "../../components/item-select";
import { ITEM_WORDS } from "../../lib/words";
import { useDeclareIncident } from "../api/use-declare-incident";
import { connectedCount, levelOf, stoppedCounts } from "../lib/scope";
import { SeverityForm } from "./severity-form";

interface Fields {
  item_code: string;
  title: string;
  description?: string;
  first_alarm?: Dayjs;
  first_report?: Dayjs;
  source?: string;
  also_affects?: string[];
}

interface DeclareProps {
  /** The ticket that it began with; those merged into it come along. */
  ticket?: Ticket;
  close: () => void;
  declared: (id: string) => void;
}

/** Declares an incident: what and since when, whom it stops, how grave by the contract's words. */
export function DeclareIncident({ ticket, close, declared }: DeclareProps) {
  const t = useT();
  const [form] = Form.useForm<Fields>();
  const [at, setAt] = useState(0);
  const tickets = ticket ? [ticket, ...ticket.children] : [];
  const organisations = useOrganisations();
  const all = organisations.data?.items ?? [];
  const known = [...new Set(tickets.map((one) => one.organisation_id))];
  const [affected, setAffected] = useState(known);
  /** What people typed themselves; the rest follows the institutions that they chose. */
  const [typed, setTyped] = useState<Partial<IncidentEvidence>>({});
  const counts = stoppedCounts(all, affected);
  const connected = Math.max(connectedCount(all), counts.primary_stopped + counts.secondary_stopped);
  const evidence: IncidentEvidence = {
    connected_institutions: connected,
    ...counts,
    data_harm: "none",
    impact: "slight",
    ...typed,
  };
  const judge = (next: IncidentEvidence) => {
    const changed = Object.entries(next).filter(([name, value]) => value !== evidence[name as keyof IncidentEvidence]);
    setTyped({ ...typed, ...Object.fromEntries(changed) });
  };
  const affect = (ids: string[]) => {
    setAffected(ids);
    const { primary_stopped: _primary, secondary_stopped: _secondary, ...rest } = typed;
    setTyped(rest);
  };
  const declare = useDeclareIncident();
  const [error, setError] = useState<unknown>(null);
  const next = async () => {
    await form.validateFields();
    setAt(at + 1);
  };
  const send = async () => {
    setError(null);
    const values = form.getFieldsValue(true) as Fields;
    try {
      const incident = await declare.mutateAsync({
        item_code: values.item_code,
        title: values.title,
        description: values.description ?? "",
        evidence,
        affected: affected.map((organisation_id) => ({ organisation_id, name: "", stopped: true })),
        also_affects: values.also_affects ?? [],
        first_alarm: values.first_alarm?.toISOString() ?? null,
        first_report: values.first_report?.toISOString() ?? null,
        source: values.source ?? null,
        tickets: tickets.map((one) => one.id),
      });
      declared(incident.id);
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <Drawer
      open
      title={t("登记安全事件", "Declare an incident")}
      onClose={close}
      size={620}
      footer={
        <div style={{ display: "flex", gap: 8, justifyContent: "flex-end" }}>
          {at > 0 ? <Button onClick={() => setAt(at - 1)}>{t("上一步", "Back")}</Button> : null}
          {at < 2 ? (
            <Button type="primary" onClick={() => void next()}>
              {t("下一步", "Next")}
            </Button>
          ) : (
            <Button type="primary" danger loading={declare.isPending} onClick={() => void send()}>
              {t("登记", "Declare")}
            </Button>
          )}
        </div>
      }
    >
      <Steps
        size="small"
        current={at}
        style={{ marginBottom: 16 }}
        items={[
          { title: t("发生了什么", "What happened") },
          { title: t("影响了谁", "Whom it affects") },
          { title: t("有多严重", "How grave") },
        ]}
      />
      {error ? <ErrorState error={error} /> : null}
      {ticket ? (
        <p style={{ marginTop: 0 }}>
          {t(
            `将关联工单 ${tickets.map((one) => one.number).join("、")}；工单保留各自的时限。`,
            `Tickets ${tickets.map((one) => one.number).join(", ")} are linked and keep their own limits.`,
          )}
        </p>
      ) : null}
      <Form
        form={form}
        layout="vertical"
        initialValues={
          ticket
            ? {
                item_code: ticket.item_code ?? undefined,
                title: ticket.title,
                description: ticket.description,
                first_report: dayjs(
                  tickets.map((one) => one.opened_at).reduce((a, b) => (Date.parse(a) <= Date.parse(b) ? a : b)),
                ),
                source: ticket.caller_name || undefined,
              }
            : undefined
        }
      >
        <div hidden={at !== 0}>
          <Form.Item
            name="item_code"
            label={t("原因所在的系统（罚款以此系统费用为基数）", "System in which the cause lies")}
            rules={[{ required: true, message: t("必填", "Required") }]}
          >
            <ItemSelect width="100%" placeholder={t("选择系统", "Choose")} />
          </Form.Item>
          <Form.Item
            name="title"
            label={t("事件", "Incident")}
            rules={[{ required: true, message: t("必填", "Required") }]}
          >
            <Input maxLength={100} showCount />
          </Form.Item>
          <Form.Item name="description" label={t("现象", "What is seen")}>
            <Input.TextArea rows={3} maxLength={8000} />
          </Form.Item>
          <Form.Item
            name="first_alarm"
            label={t("监控首次告警时间", "First alarm")}
            help={t("与首次报告取较早者开始计时", "The earlier of both starts the clock")}
          >
            <DatePicker showTime={{ format: "HH:mm:ss" }} style={{ width: "100%" }} />
          </Form.Item>
          <Form.Item
            name="first_report"
            label={t("首次报告时间（都留空为现在）", "First report (now when both are empty)")}
          >
            <DatePicker showTime={{ format: "HH:mm:ss" }} style={{ width: "100%" }} />
          </Form.Item>
          <Form.Item name="source" label={t("来源", "Source")}>
            <Input maxLength={100} placeholder={t("监控平台 / 谁报告", "Monitoring / who")} />
          </Form.Item>
        </div>
        <div hidden={at !== 1}>
          <Form.Item
            label={t("业务中断的机构", "Institutions that cannot work")}
            help={t(
              `基层 ${counts.primary_stopped} 家、二级以上 ${counts.secondary_stopped} 家，用于判定等级`,
              `${counts.primary_stopped} primary, ${counts.secondary_stopped} secondary: they decide on the severity`,
            )}
          >
            <Select
              mode="multiple"
              aria-label={t("业务中断的机构", "Institutions that cannot work")}
              showSearch={{ optionFilterProp: "label" }}
              loading={organisations.isPending}
              value={affected}
              onChange={affect}
              options={all
                .filter((o) => o.active && levelOf(o.kind) !== null)
                .map((o) => ({
                  value: o.id,
                  label: `${o.name}（${levelOf(o.kind) === "primary" ? t("基层", "primary") : t("二级以上", "secondary")}）`,
                }))}
            />
          </Form.Item>
          <Form.Item
            name="also_affects"
            label={t("受波及的其他系统（不另计罚款）", "Other systems that suffer (no fine of their own)")}
          >
            <Select
              mode="multiple"
              options={Object.entries(ITEM_WORDS).map(([value, words]) => ({ value, label: t(...words) }))}
            />
          </Form.Item>
        </div>
        <div hidden={at !== 2}>
          <SeverityForm value={evidence} onChange={judge} />
        </div>
      </Form>
    </Drawer>
  );
}
