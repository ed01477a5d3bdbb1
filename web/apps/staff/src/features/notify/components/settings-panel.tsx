import type { NotifyChannel, NotifySettings } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, App, Button, Form, Input, Popconfirm, Select, Tag, TimePicker } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import "../../service/components/service.css";
import { useAddContact } from "../api/use-add-contact";
import { useConfirmContact } from "../api/use-confirm-contact";
import { useNotifySettings } from "../api/use-notify-settings";
import { useRemoveContact } from "../api/use-remove-contact";
import { useSaveNotifySettings } from "../api/use-save-notify-settings";
import { useTestContact } from "../api/use-test-contact";
import { CHANNEL_WORDS, LEVEL_WORDS } from "../lib/words";

/** Where one is reached besides the program, with what, and when not. */
export function SettingsPanel() {
  const t = useT();
  const settings = useNotifySettings();
  if (settings.isError && !settings.data)
    return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />;
  if (!settings.data) return <LoadingState rows={6} />;
  return (
    <div style={{ maxWidth: 720 }}>
      {settings.data.channels.length === 0 ? (
        <Alert
          type="info"
          showIcon
          style={{ marginBottom: 12 }}
          title={t(
            "本系统尚未配置邮件或短信通道，提醒只在系统内显示。请系统管理员在配置文件中启用。",
            "Neither mail nor short messages are configured here: notices are shown in the program alone.",
          )}
        />
      ) : null}
      {settings.data.channels.map((channel) => (
        <ContactPanel key={channel} channel={channel} settings={settings.data} />
      ))}
      {settings.data.channels.length > 0 ? <Wishes settings={settings.data} /> : null}
    </div>
  );
}

function ContactPanel({ channel, settings }: { channel: NotifyChannel; settings: NotifySettings }) {
  const t = useT();
  const { message } = App.useApp();
  const words = useErrorText();
  const add = useAddContact();
  const confirm = useConfirmContact();
  const remove = useRemoveContact();
  const trial = useTestContact();
  const [changing, setChanging] = useState(false);
  const contact = settings.contacts.find((known) => known.channel === channel);
  const name = t(...(CHANNEL_WORDS[channel] ?? [channel, channel]));
  const tell = (error: unknown) => message.error(words(error).fields.join("；") || words(error).text);
  const entering = !contact || changing;
  return (
    <section className="service-panel">
      <h2>
        {name}{" "}
        {contact ? (
          contact.confirmed ? (
            <Tag color="green">{t("已验证", "confirmed")}</Tag>
          ) : (
            <Tag color="orange">{t("待验证", "not confirmed")}</Tag>
          )
        ) : null}
      </h2>
      {contact ? (
        <div style={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 8, marginBottom: 8 }}>
          <span className="tm-num">{contact.address}</span>
          {contact.confirmed ? (
            <Button
              size="small"
              loading={trial.isPending}
              onClick={() =>
                trial.mutate(channel, {
                  onSuccess: () => message.success(t("测试消息已发出，请查收。", "Sent. Please look for it.")),
                  onError: tell,
                })
              }
            >
              {t("发送测试", "Send a trial")}
            </Button>
          ) : null}
          <Button size="small" onClick={() => setChanging(!changing)}>
            {contact.confirmed ? t("更换", "Change") : t("重新填写", "Write it anew")}
          </Button>
          <Popconfirm
            title={t("移除后不再向此地址发送", "Nothing is sent there any more")}
            onConfirm={() => remove.mutate(channel, { onError: tell })}
          >
            <Button size="small" danger>
              {t("移除", "Remove")}
            </Button>
          </Popconfirm>
        </div>
      ) : null}
      {contact && !contact.confirmed && !changing ? (
        <Form
          layout="inline"
          onFinish={(values: { code: string }) => confirm.mutate({ channel, code: values.code }, { onError: tell })}
        >
          <Form.Item
            name="code"
            label={t("验证码", "Code")}
            rules={[{ required: true, pattern: /^\s*\d{6}\s*$/, message: t("六位数字", "six digits") }]}
          >
            <Input inputMode="numeric" autoComplete="one-time-code" maxLength={8} style={{ width: 120 }} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={confirm.isPending}>
            {t("验证", "Confirm")}
          </Button>
        </Form>
      ) : null}
      {entering ? (
        <Form
          layout="inline"
          onFinish={(values: { address: string }) =>
            add.mutate(
              { channel, address: values.address },
              {
                onSuccess: () => {
                  setChanging(false);
                  message.success(t("验证码已发出，十分钟内有效。", "A code was sent; it is good for ten minutes."));
                },
                onError: tell,
              },
            )
          }
        >
          <Form.Item
            name="address"
            label={channel === "email" ? t("邮箱", "Address") : t("手机号", "Mobile")}
            rules={[{ required: true, message: t("必填", "Required") }]}
          >
            <Input
              type={channel === "email" ? "email" : "tel"}
              maxLength={254}
              style={{ width: 240 }}
              placeholder={channel === "email" ? "name@example.org" : "13800000000"}
            />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={add.isPending}>
            {t("发送验证码", "Send a code")}
          </Button>
        </Form>
      ) : null}
    </section>
  );
}

interface Fields {
  email: "all" | "urgent" | "none";
  sms: "all" | "urgent" | "none";
  quiet?: [Dayjs, Dayjs] | null;
}

function Wishes({ settings }: { settings: NotifySettings }) {
  const t = useT();
  const { message } = App.useApp();
  const save = useSaveNotifySettings();
  const levels = Object.entries(LEVEL_WORDS).map(([value, words]) => ({ value, label: t(...words) }));
  const time = (text: string) => dayjs(`2000-01-01T${text}`);
  return (
    <section className="service-panel">
      <h2>{t("接收哪些提醒", "What is sent")}</h2>
      {save.isError ? <ErrorState error={save.error} /> : null}
      <Form<Fields>
        layout="vertical"
        initialValues={{
          email: settings.email,
          sms: settings.sms,
          quiet: settings.quiet_from && settings.quiet_to ? [time(settings.quiet_from), time(settings.quiet_to)] : null,
        }}
        onFinish={(values) =>
          save.mutate(
            {
              email: values.email,
              sms: values.sms,
              quiet_from: values.quiet?.[0].format("HH:mm") ?? null,
              quiet_to: values.quiet?.[1].format("HH:mm") ?? null,
            },
            { onSuccess: () => message.success(t("已保存", "Saved")) },
          )
        }
      >
        <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(180px, 1fr))", gap: "0 12px" }}>
          {settings.channels.includes("email") ? (
            <Form.Item name="email" label={t("邮件", "Mail")}>
              <Select options={levels} />
            </Form.Item>
          ) : (
            <Form.Item name="email" hidden>
              <Input />
            </Form.Item>
          )}
          {settings.channels.includes("sms") ? (
            <Form.Item name="sms" label={t("短信", "Short messages")}>
              <Select options={levels} />
            </Form.Item>
          ) : (
            <Form.Item name="sms" hidden>
              <Input />
            </Form.Item>
          )}
          <Form.Item
            name="quiet"
            label={t("免打扰时段", "Quiet hours")}
            help={t(
              "期间只发紧急提醒：登记安全事件、时限已用90%以上；其余到结束时发送",
              "Urgent ones alone: incidents, limits nearly over; the rest at the end",
            )}
          >
            <TimePicker.RangePicker format="HH:mm" order={false} style={{ width: "100%" }} />
          </Form.Item>
        </div>
        <p className="tm-muted" style={{ marginTop: 16 }}>
          {t(
            "外发内容只含编号与链接，不含姓名与病情。每种方式每小时最多20条。",
            "What is sent holds numbers and a link, no names. At most 20 an hour by each way.",
          )}
        </p>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t("保存", "Save")}
        </Button>
      </Form>
    </section>
  );
}
