import type { NotifyDelivery } from "@tianmu/api/wire";
import { type DataColumn, DataTable } from "@tianmu/ui/data-table";
import { ErrorState } from "@tianmu/ui/error-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { dateTime } from "@tianmu/ui/lib/time";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button, Select, Tag } from "antd";
import "../service/components/service.css";
import { useFilters } from "../service/lib/use-filters";
import { useDeliveries } from "./api/use-deliveries";
import { useResend } from "./api/use-resend";
import { useRoutes } from "./api/use-routes";
import { useTestWebhook } from "./api/use-test-webhook";
import { CHANNEL_WORDS, REASON_WORDS, STATE_COLOURS, STATE_WORDS } from "./lib/words";

/** The ways out, how they do, and every message. */
export function Page() {
  const t = useT();
  const { message } = App.useApp();
  const words = useErrorText();
  const [params, set] = useFilters();
  const list = useDeliveries({
    state: params.get("state") ?? undefined,
    channel: params.get("channel") ?? undefined,
  });
  const resend = useResend();
  const word = (table: Record<string, readonly [string, string]>, key: string) => t(...(table[key] ?? [key, key]));
  const columns: DataColumn<NotifyDelivery>[] = [
    {
      key: "created",
      title: t("时间", "When"),
      width: 140,
      render: (d) => <span className="tm-num">{dateTime(d.created_at)}</span>,
      text: (d) => dateTime(d.created_at),
    },
    {
      key: "channel",
      title: t("方式", "Way"),
      width: 90,
      render: (d) => word(CHANNEL_WORDS, d.channel),
      text: (d) => word(CHANNEL_WORDS, d.channel),
    },
    { key: "target", title: t("发往", "To"), width: 180, render: (d) => d.target, text: (d) => d.target },
    {
      key: "text",
      title: t("内容", "What"),
      render: (d) => (
        <>
          {d.urgent ? <Tag color="red">{t("紧急", "urgent")}</Tag> : null}
          {d.text}
        </>
      ),
      text: (d) => d.text,
    },
    {
      key: "state",
      title: t("状态", "State"),
      width: 190,
      render: (d) => (
        <>
          <Tag color={STATE_COLOURS[d.state]}>{word(STATE_WORDS, d.state)}</Tag>
          <span className="tm-muted">
            {d.reason ? word(REASON_WORDS, d.reason) : ""}
            {d.state === "queued" && d.due_at > d.created_at ? t(`于 ${dateTime(d.due_at)}`, dateTime(d.due_at)) : ""}
          </span>
        </>
      ),
      text: (d) => `${word(STATE_WORDS, d.state)} ${d.reason ? word(REASON_WORDS, d.reason) : ""}`,
    },
    {
      key: "attempts",
      title: t("次数", "Tries"),
      width: 60,
      align: "right",
      render: (d) => <span className="tm-num">{d.attempts}</span>,
      text: (d) => d.attempts,
    },
    {
      key: "resend",
      title: "",
      width: 80,
      render: (d) =>
        d.may_resend ? (
          <Button
            size="small"
            onClick={() => resend.mutate(d.id, { onError: (error) => message.error(words(error).text) })}
          >
            {t("重发", "Again")}
          </Button>
        ) : null,
    },
  ];
  return (
    <>
      <PageHeader
        title={t("通知发送", "Messages")}
        note={t(
          "邮件、短信与群机器人在配置文件中启用",
          "Mail, short messages and webhooks are set in the configuration",
        )}
      />
      <RouteCards />
      <div className="service-filters">
        <Select
          allowClear
          placeholder={t("全部方式", "All ways")}
          aria-label={t("方式", "Way")}
          value={params.get("channel") ?? undefined}
          onChange={(value: string | undefined) => set({ channel: value })}
          style={{ width: 130 }}
          options={Object.entries(CHANNEL_WORDS).map(([value, text]) => ({ value, label: t(...text) }))}
        />
        <Select
          allowClear
          placeholder={t("全部状态", "All states")}
          aria-label={t("状态", "State")}
          value={params.get("state") ?? undefined}
          onChange={(value: string | undefined) => set({ state: value })}
          style={{ width: 130 }}
          options={Object.entries(STATE_WORDS).map(([value, text]) => ({ value, label: t(...text) }))}
        />
      </div>
      <DataTable
        list={list}
        columns={columns}
        rowKey={(d) => d.id}
        label={t("通知发送", "Messages")}
        exportName={t("通知发送", "messages")}
        empty={t("没有发送记录。", "No messages.")}
        scrollX={1000}
      />
    </>
  );
}

function RouteCards() {
  const t = useT();
  const { message } = App.useApp();
  const words = useErrorText();
  const routes = useRoutes();
  const trial = useTestWebhook();
  if (routes.isError) return <ErrorState error={routes.error} onRetry={() => void routes.refetch()} />;
  return (
    <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(240px, 1fr))", gap: "0 12px" }}>
      {(routes.data ?? []).map((route) => (
        <section key={`${route.channel} ${route.name ?? ""}`} className="service-panel">
          <h2>
            {t(...(CHANNEL_WORDS[route.channel] ?? [route.channel, route.channel]))} {route.name ?? ""}{" "}
            {route.configured ? (
              <Tag color="green">{t("已启用", "on")}</Tag>
            ) : (
              <Tag>{t("未配置", "not configured")}</Tag>
            )}
          </h2>
          <div className="tm-num">
            {t(`7天：已发 ${route.sent}`, `7 days: sent ${route.sent}`)}
            {route.waiting > 0 ? t(` · 待发 ${route.waiting}`, ` · waiting ${route.waiting}`) : ""}
            {route.suppressed > 0 ? t(` · 未发 ${route.suppressed}`, ` · held back ${route.suppressed}`) : ""}
            {route.failed > 0 ? (
              <b className="service-late">{t(` · 失败 ${route.failed}`, ` · failed ${route.failed}`)}</b>
            ) : null}
          </div>
          <div className="tm-muted tm-num">
            {route.last_sent_at
              ? t(`最近 ${dateTime(route.last_sent_at)}`, `last ${dateTime(route.last_sent_at)}`)
              : t("尚未发送", "nothing sent yet")}
          </div>
          {route.name ? (
            <Button
              size="small"
              style={{ marginTop: 6 }}
              loading={trial.isPending}
              onClick={() =>
                trial.mutate(route.name ?? "", {
                  onSuccess: () => message.success(t("测试消息已发出。", "Sent.")),
                  onError: (error) => message.error(words(error).text),
                })
              }
            >
              {t("发送测试", "Send a trial")}
            </Button>
          ) : null}
        </section>
      ))}
    </div>
  );
}
