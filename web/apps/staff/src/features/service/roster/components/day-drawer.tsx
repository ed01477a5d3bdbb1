import type { DutyRoster } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Button, Descriptions, Drawer, Form, Input, Select } from "antd";
import { useState } from "react";
import { useRosterStep } from "../api/use-roster-step";
import { useTeam } from "../api/use-team";

interface DayDrawerProps {
  roster: DutyRoster;
  day: string;
  close: () => void;
}

/** One day off: who has it, changing it by hand, asking for a swap, the hand-over. */
export function DayDrawer({ roster, day, close }: DayDrawerProps) {
  const t = useT();
  const team = useTeam();
  const step = useRosterStep(roster.month);
  const [form] = Form.useForm<{ engineer_id: string; backup_id?: string }>();
  const [swapForm] = Form.useForm<{ to_id: string; reason: string }>();
  const [handForm] = Form.useForm<{ text: string }>();
  const [error, setError] = useState<unknown>(null);
  const duty = roster.days.find((each) => each.day === day);
  const may = (action: string) => roster.allowed_actions.includes(action);
  const counts = new Map(roster.fairness.map((each) => [each.engineer_id, each]));
  const people = (team.data ?? []).filter((each) => each.active);
  const options = people.map((each) => {
    const count = counts.get(each.id);
    const load = count
      ? t(`节假日 ${count.holidays} · 周末 ${count.weekends}`, `${count.holidays} holidays, ${count.weekends} weekends`)
      : "";
    return { value: each.id, label: [each.name, load].filter(Boolean).join(" · ") };
  });
  const index = roster.days.findIndex((each) => each.day === day);
  const neighbours = [roster.days[index - 1], roster.days[index + 1]].map((each) => each?.engineer_id).filter(Boolean);
  const chosen = Form.useWatch("engineer_id", form) as string | undefined;
  const send = async (body: Parameters<typeof step.mutateAsync>[0]) => {
    setError(null);
    try {
      await step.mutateAsync(body);
      close();
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <Drawer open onClose={close} size={460} title={`${day}${duty?.holiday ? ` ${duty.holiday}` : ""}`}>
      <Descriptions
        size="small"
        column={1}
        items={[
          {
            key: "who",
            label: t("值班", "On duty"),
            children: duty?.engineer_name ? `${duty.engineer_name} ${duty.phone ?? ""}` : t("未排", "nobody"),
          },
          {
            key: "second",
            label: t("备班", "Second"),
            children: duty?.backup_name ? `${duty.backup_name} ${duty.backup_phone ?? ""}` : "—",
          },
          {
            key: "handover",
            label: t("交接", "Hand-over"),
            children: duty?.handover ? `${duty.handover}（${duty.handover_by_name ?? ""}）` : "—",
          },
        ]}
      />
      {error ? <ErrorState error={error} /> : null}
      {may("assign") ? (
        <Form
          form={form}
          layout="vertical"
          style={{ marginTop: 12 }}
          initialValues={{ engineer_id: duty?.engineer_id ?? undefined, backup_id: duty?.backup_id ?? undefined }}
          onFinish={(values) =>
            void send({ step: "assign", day, engineer_id: values.engineer_id, backup_id: values.backup_id ?? null })
          }
        >
          <h3 style={{ fontSize: 14, margin: "0 0 8px" }}>{t("调整人员", "Assign")}</h3>
          <Form.Item
            name="engineer_id"
            label={t("值班人", "On duty")}
            rules={[{ required: true, message: t("必填", "Required") }]}
          >
            <Select options={options} showSearch={{ optionFilterProp: "label" }} />
          </Form.Item>
          {chosen && neighbours.includes(chosen) ? (
            <Alert
              type="warning"
              showIcon
              style={{ marginBottom: 12 }}
              title={t("此人前一或后一个休息日也值班。", "This person also has the day off before or after.")}
            />
          ) : null}
          <Form.Item
            name="backup_id"
            label={t("备班人", "Second")}
            dependencies={["engineer_id"]}
            rules={[
              ({ getFieldValue }) => ({
                validator: (_, value) =>
                  value && value === getFieldValue("engineer_id")
                    ? Promise.reject(new Error(t("须与值班人不同", "Another person than the first")))
                    : Promise.resolve(),
              }),
            ]}
          >
            <Select options={options} allowClear showSearch={{ optionFilterProp: "label" }} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={step.isPending}>
            {t("保存", "Save")}
          </Button>
          {roster.state === "published" ? (
            <span className="tm-muted">
              {" "}
              {t("已发布，改动会立即生效并记入审计。", "Published: a change shows at once and is audited.")}
            </span>
          ) : null}
        </Form>
      ) : null}
      {may("request_swap") ? (
        <Form
          form={swapForm}
          layout="vertical"
          style={{ marginTop: 20 }}
          onFinish={(values) => void send({ step: "request_swap", day, ...values })}
        >
          <h3 style={{ fontSize: 14, margin: "0 0 8px" }}>{t("申请调班", "Ask for a swap")}</h3>
          <Form.Item
            name="to_id"
            label={t("由谁接替", "Taken by")}
            rules={[{ required: true, message: t("必填", "Required") }]}
          >
            <Select
              options={options.filter((each) => each.value !== duty?.engineer_id)}
              showSearch={{ optionFilterProp: "label" }}
            />
          </Form.Item>
          <Form.Item
            name="reason"
            label={t("理由", "Why")}
            rules={[{ required: true, message: t("必填", "Required") }]}
          >
            <Input maxLength={200} />
          </Form.Item>
          <Button htmlType="submit" loading={step.isPending}>
            {t("提交申请", "Ask")}
          </Button>
        </Form>
      ) : null}
      {may("hand_over") ? (
        <Form
          form={handForm}
          layout="vertical"
          style={{ marginTop: 20 }}
          initialValues={{ text: duty?.handover ?? "" }}
          onFinish={(values) => void send({ step: "hand_over", day, text: values.text })}
        >
          <h3 style={{ fontSize: 14, margin: "0 0 8px" }}>{t("值班交接", "Hand-over")}</h3>
          <Form.Item
            name="text"
            label={t("下一班须知", "What the next must know")}
            rules={[{ required: true, message: t("必填", "Required") }]}
          >
            <Input.TextArea rows={4} maxLength={1000} showCount />
          </Form.Item>
          <Button htmlType="submit" loading={step.isPending}>
            {t("记录交接", "Hand over")}
          </Button>
        </Form>
      ) : null}
    </Drawer>
  );
}
