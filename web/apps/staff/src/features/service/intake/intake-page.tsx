import type { IntakeItem, IntakeState } from "@tianmu/api/wire";
import { type DataColumn, DataTable } from "@tianmu/ui/data-table";
import { PageHeader } from "@tianmu/ui/page-header";
import { dateTime } from "@tianmu/ui/lib/time";
import { useDebounced } from "@tianmu/ui/lib/use-debounced";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Badge, Input, Select, Tabs, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { StateTag } from "../components/state-tag";
import { useFilters } from "../lib/use-filters";
import { CHANNEL_WORDS } from "../tickets/lib/words";
import { useIntakeCounts } from "./api/use-intake-counts";
import { useIntakes } from "./api/use-intakes";
import { IntakeDrawer } from "./components/intake-drawer";
import { MailboxState } from "./components/mailbox-state";
import { STATE_WORDS, senderText } from "./lib/words";
import "../components/service.css";

/** Letters and alerts: what waits for a person, and what became of the rest. */
export function Page() {
  const t = useT();
  const [params, set] = useFilters();
  const [search, setSearch] = useState(params.get("q") ?? "");
  const q = useDebounced(search.trim());
  const waiting = useIntakeCounts(true).data?.waiting;
  const state = params.get("state") ?? "waiting";
  const list = useIntakes({
    q: q || undefined,
    state: state === "all" ? undefined : (state as IntakeState),
    channel: (params.get("channel") as "mail" | "alert" | null) ?? undefined,
  });
  const columns: DataColumn<IntakeItem>[] = [
    {
      key: "at",
      title: t("时间", "When"),
      width: 136,
      render: (r) => <span className="tm-num">{dateTime(r.at)}</span>,
      text: (r) => dateTime(r.at),
    },
    {
      key: "channel",
      title: t("渠道", "By"),
      width: 84,
      render: (r) => t(...CHANNEL_WORDS[r.channel]),
      text: (r) => t(...CHANNEL_WORDS[r.channel]),
    },
    {
      key: "subject",
      title: t("主题", "Subject"),
      render: (r) => (
        <>
          {r.subject || t("（无主题）", "(no subject)")}{" "}
          {r.ended_at ? <Tag color="green">{t("已恢复", "over")}</Tag> : null}
          {r.automatic && r.channel === "mail" ? <Tag>{t("自动邮件", "automatic")}</Tag> : null}
        </>
      ),
      text: (r) => r.subject,
    },
    {
      key: "from",
      title: t("来自", "From"),
      width: 230,
      ellipsis: true,
      render: (r) => senderText(r),
      text: (r) => senderText(r),
    },
    {
      key: "organisation",
      title: t("机构", "Institution"),
      width: 170,
      ellipsis: true,
      render: (r) => r.organisation_name ?? <span className="tm-muted">—</span>,
      text: (r) => r.organisation_name,
    },
    {
      key: "state",
      title: t("状态", "State"),
      width: 100,
      render: (r) => <StateTag state={r.state} words={STATE_WORDS} />,
      text: (r) => t(...STATE_WORDS[r.state]),
    },
    {
      key: "ticket",
      title: t("工单", "Ticket"),
      width: 140,
      render: (r) =>
        r.ticket_id ? (
          <Link to={`/service/tickets/${r.ticket_id}`} className="tm-num" onClick={(e) => e.stopPropagation()}>
            {r.ticket_number}
          </Link>
        ) : (
          <span className="tm-muted">—</span>
        ),
      text: (r) => r.ticket_number,
    },
  ];
  return (
    <>
      <PageHeader title={t("来件", "Inbox")} note={t("邮件与监控告警", "What came in by mail and from monitoring")} />
      <MailboxState />
      <Tabs
        size="small"
        activeKey={state}
        onChange={(key) => set({ state: key, id: undefined })}
        items={[
          {
            key: "waiting",
            label: (
              <>
                {t("待登记", "Waiting")}
                {waiting ? <Badge count={waiting} style={{ marginInlineStart: 6 }} /> : null}
              </>
            ),
          },
          { key: "opened", label: t("已开工单", "Ticket opened") },
          { key: "noted", label: t("并入工单", "Put to a ticket") },
          { key: "dismissed", label: t("已忽略", "Dismissed") },
          { key: "all", label: t("全部", "All") },
        ]}
      />
      <div className="service-filters">
        <Input.Search
          allowClear
          aria-label={t("搜索来件", "Search")}
          placeholder={t("主题、内容、来信人", "Subject, text, sender")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          style={{ width: 240 }}
        />
        <Select
          allowClear
          aria-label={t("渠道", "Channel")}
          placeholder={t("邮件和告警", "Letters and alerts")}
          value={params.get("channel") ?? undefined}
          onChange={(value: string | undefined) => set({ channel: value })}
          style={{ width: 130 }}
          options={(["mail", "alert"] as const).map((value) => ({ value, label: t(...CHANNEL_WORDS[value]) }))}
        />
      </div>
      <DataTable
        list={list}
        columns={columns}
        rowKey={(r) => r.id}
        label={t("来件", "Letters and alerts")}
        exportName={t("来件", "intake")}
        empty={
          state === "waiting" ? t("没有待登记的来件。", "Nothing waits.") : t("没有符合条件的来件。", "None matches.")
        }
        onOpen={(r) => set({ id: r.id })}
        scrollX={1000}
      />
      {params.get("id") ? <IntakeDrawer id={params.get("id") ?? ""} close={() => set({ id: undefined })} /> : null}
    </>
  );
}
