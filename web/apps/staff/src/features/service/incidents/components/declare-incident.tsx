import type { IncidentEvidence } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, DatePicker, Drawer, Form, Input, Select, Steps } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { useOrganisations } from "../../../organisations/api/use-organisations";
import { ItemSelect } from "../../components/item-select";
import { ITEM_WORDS } from "../../lib/words";
import { useDeclareIncident } from "../api/use-declare-incident";
import { SeverityForm } from "./severity-form";

interface Fields {
  item_code: string;
  title: string;
  description?: string;
  first_alarm?: Dayjs;
  first_report?: Dayjs;
  source?: string;
  affected?: string[];
  also_affects?: string[];
}

/** Declares an incident: what and since when, how grave by the contract's words, whom it affects. */
export function DeclareIncident({ close, declared }: { close: () => void; declared: (id: string) => void }) {
  const t = useT();
  const [form] = Form.useForm<Fields>();
  const [at, setAt] = useState(0);
  const [evidence, setEvidence] = useState<IncidentEvidence>({
    connected_institutions: 20,
    primary_stopped: 0,
    secondary_stopped: 0,
    data_harm: "none",
    impact: "slight",
  });
  const declare = useDeclareIncident();
  const organisations = useOrganisations();
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
        affected: (values.affected ?? []).map((organisation_id) => ({ organisation_id, name: "", stopped: true })),
        also_affects: values.also_affects ?? [],
        first_alarm: values.first_alarm?.toISOString() ?? null,
        first_report: values.first_report?.toISOString() ?? null,
        source: values.source ?? null,
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
          { title: t("有多严重", "How grave") },
          { title: t("影响了谁", "Whom it affects") },
        ]}
      />
      {error ? <ErrorState error={error} /> : null}
      <Form form={form} layout="vertical">
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
          <SeverityForm value={evidence} onChange={setEvidence} />
        </div>
        <div hidden={at !== 2}>
          <Form.Item name="affected" label={t("业务中断的机构", "Institutions that cannot work")}>
            <Select
              mode="multiple"
              showSearch={{ optionFilterProp: "label" }}
              loading={organisations.isPending}
              options={(organisations.data?.items ?? []).map((o) => ({ value: o.id, label: o.name }))}
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
      </Form>
    </Drawer>
  );
}
