import { PlusOutlined } from "@ant-design/icons";
import type { TicketClass, TicketItem } from "@tianmu/api/wire";
import { type DataColumn, DataTable } from "@tianmu/ui/data-table";
import { PageHeader } from "@tianmu/ui/page-header";
import { dateTime, dayEnd, dayStart, shortTime } from "@tianmu/ui/lib/time";
import { useDebounced } from "@tianmu/ui/lib/use-debounced";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Badge, Button, DatePicker, Input, Select, Tabs, Tag } from "antd";
import dayjs from "dayjs";
import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { can } from "../../../app/permissions";
import { OrganisationSelect } from "../../ecg/components/organisation-select";
import { useMe } from "../../session/session-context";
import { DueCell } from "../components/due-cell";
import { ItemSelect } from "../components/item-select";
import { DutyCard } from "../roster/components/duty-card";
import { StateTag } from "../components/state-tag";
import { useFilters } from "../lib/use-filters";
import { itemWord } from "../lib/words";
import { useTicketCounts } from "./api/use-ticket-counts";
import { type TicketFilter, useTickets } from "./api/use-tickets";
import { NewTicket } from "./components/new-ticket";
import { CHANNEL_WORDS, CLASS_WORDS, STATE_WORDS } from "./lib/words";

const QUEUES: Record<string, Partial<TicketFilter>> = {
  active: { state: "open,working,paused", sort: "newest" },
  pressing: { sort: "pressing" },
  unanswered: { state: "open", sort: "newest" },
  unassigned: { state: "open,working,paused", unassigned: true },
  mine: { mine: true, state: "open,working,paused" },
  late: { late: true, state: "open,working,paused" },
  solved: { state: "resolved" },
  all: {},
};

export function Page() {
  const t = useT();
  const me = useMe();
  const navigate = useNavigate();
  const [params, set] = useFilters();
  const [search, setSearch] = useState(params.get("q") ?? "");
  const q = useDebounced(search.trim());
  // From the knowledge base, with what was looked for in vain.
  const asked = params.get("new") ?? undefined;
  const [creating, setCreating] = useState(asked !== undefined);
  const counts = useTicketCounts().data;
  const worker = can(me, "workTickets");
  const queue = params.get("queue") ?? (worker ? "pressing" : "active");
  const from = params.get("from") ?? undefined;
  const to = params.get("to") ?? undefined;
  const list = useTickets({
    ...QUEUES[queue],
    q: q || undefined,
    class: (params.get("class") as TicketClass | null) ?? undefined,
    item_code: params.get("item") ?? undefined,
    organisation_id: params.get("organisation") ?? undefined,
    from: from ? dayStart(from) : undefined,
    to: to ? dayEnd(to) : undefined,
  });
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
        target.closest(".ant-drawer, .ant-modal")
      )
        return;
      if (event.key === "n" && can(me, "openTickets")) {
        event.preventDefault();
        setCreating(true);
      }
      if (event.key === "j" || event.key === "k") {
        const rows = [...document.querySelectorAll<HTMLElement>("#ticket-list tr.tm-clickable-row")];
        const at = rows.indexOf(document.activeElement as HTMLElement);
        const next = event.key === "j" ? at + 1 : Math.max(at - 1, 0);
        rows[Math.min(next, rows.length - 1)]?.focus();
      }
      if (event.key === "/") {
        event.preventDefault();
        document.querySelector<HTMLInputElement>("#ticket-search")?.focus();
      }
    };
    window.addEventListener("keydown", key);
    return () => window.removeEventListener("keydown", key);
  }, [me]);
  const tab = (key: string, zh: string, en: string, count?: number, urgent = false) => ({
    key,
    label: (
      <>
        {t(zh, en)}
        {count ? (
          <Badge
            count={count}
            overflowCount={999}
            color={urgent ? "#b3261e" : "#8b95a1"}
            style={{ marginInlineStart: 6 }}
          />
        ) : null}
      </>
    ),
  });
  const columns: DataColumn<TicketItem>[] = [
    {
      key: "number",
      title: t("编号", "Number"),
      width: 138,
      render: (r) => <span className="tm-num">{r.number}</span>,
      text: (r) => r.number,
    },
    {
      key: "title",
      title: t("事项", "What"),
      render: (r) => (
        <>
          {r.title} {r.approval_needed ? <Tag color="gold">{t("需审批", "Approval")}</Tag> : null}
          {r.is_child ? <Tag>{t("大面积故障", "Outage")}</Tag> : null}
        </>
      ),
      text: (r) => r.title,
    },
    {
      key: "organisation",
      title: t("机构", "Institution"),
      width: 170,
      ellipsis: true,
      render: (r) => r.organisation_name,
      text: (r) => r.organisation_name,
    },
    {
      key: "item",
      title: t("系统", "System"),
      width: 110,
      render: (r) => t(...itemWord(r.item_code)),
      text: (r) => t(...itemWord(r.item_code)),
    },
    {
      key: "class",
      title: t("类别", "Class"),
      width: 84,
      render: (r) => t(...CLASS_WORDS[r.class]),
      text: (r) => t(...CLASS_WORDS[r.class]),
    },
    {
      key: "state",
      title: t("状态", "State"),
      width: 84,
      render: (r) => <StateTag state={r.state} words={STATE_WORDS} />,
      text: (r) => t(...STATE_WORDS[r.state]),
    },
    {
      key: "due",
      title: t("时限", "Limit"),
      width: 124,
      render: (r) =>
        r.next_due_at || r.blocked ? (
          <DueCell due={r.next_due_at} blocked={r.blocked} />
        ) : r.response_late || r.handling_late ? (
          <span className="service-late">{t("曾超时", "Was late")}</span>
        ) : (
          <span className="tm-muted">—</span>
        ),
      text: (r) => (r.response_late || r.handling_late ? t("超时", "late") : ""),
    },
    {
      key: "assignee",
      title: t("处理人", "Engineer"),
      width: 84,
      ellipsis: true,
      render: (r) => r.assignee_name ?? <span className="tm-muted">{t("未指派", "Nobody")}</span>,
      text: (r) => r.assignee_name,
    },
    {
      key: "opened",
      title: t("报障时间", "Opened"),
      width: 104,
      render: (r) => <span className="tm-num">{shortTime(r.opened_at)}</span>,
      text: (r) => dateTime(r.opened_at),
    },
    {
      key: "channel",
      title: t("渠道", "By"),
      width: 66,
      render: (r) => t(...CHANNEL_WORDS[r.channel]),
      text: (r) => t(...CHANNEL_WORDS[r.channel]),
    },
  ];
  return (
    <>
      <PageHeader
        title={t("服务工单", "Tickets")}
        note={t("n 新建 · / 搜索 · j k 上下 · Enter 打开", "n new · / search · j k move · Enter open")}
        actions={
          can(me, "openTickets") ? (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>
              {t("报障 / 新建工单", "New ticket")}
            </Button>
          ) : null
        }
      />
      {worker ? null : <DutyCard />}
      <Tabs
        activeKey={queue}
        onChange={(key) => set({ queue: key })}
        size="small"
        items={[
          ...(worker ? [tab("pressing", "最紧急", "Most pressing")] : []),
          tab("active", "进行中", "Active", counts?.open),
          tab("unanswered", "待响应", "Unanswered", counts?.unanswered, true),
          ...(worker
            ? [tab("unassigned", "未指派", "Unassigned", counts?.unassigned), tab("mine", "我的", "Mine", counts?.mine)]
            : []),
          tab("late", "已超时", "Late", counts?.late, true),
          tab("solved", "待确认", "Solved"),
          tab("all", "全部", "All"),
        ]}
      />
      <div className="service-filters">
        <Input.Search
          id="ticket-search"
          allowClear
          aria-label={t("搜索工单", "Search tickets")}
          placeholder={t("事项、编号、报障人", "Words, number, caller")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          style={{ width: 220 }}
        />
        <Select<TicketClass>
          allowClear
          aria-label={t("类别", "Class")}
          placeholder={t("全部类别", "All classes")}
          value={(params.get("class") as TicketClass | null) ?? undefined}
          onChange={(value) => set({ class: value })}
          style={{ width: 120 }}
          options={(Object.keys(CLASS_WORDS) as TicketClass[]).map((value) => ({
            value,
            label: t(...CLASS_WORDS[value]),
          }))}
        />
        <ItemSelect value={params.get("item") ?? undefined} onChange={(value) => set({ item: value })} />
        <OrganisationSelect
          value={params.get("organisation") ?? undefined}
          onChange={(value) => set({ organisation: value })}
          width={180}
        />
        <DatePicker.RangePicker
          aria-label={t("报障日期", "Opened between")}
          value={from && to ? [dayjs(from), dayjs(to)] : null}
          onChange={(range) => set({ from: range?.[0]?.format("YYYY-MM-DD"), to: range?.[1]?.format("YYYY-MM-DD") })}
          style={{ width: 230 }}
        />
      </div>
      <div id="ticket-list">
        <DataTable
          list={list}
          columns={columns}
          rowKey={(r) => r.id}
          label={t("服务工单", "Tickets")}
          exportName={t("服务工单", "tickets")}
          empty={t("没有符合条件的工单。", "No ticket matches.")}
          onOpen={(r) => navigate(`/service/tickets/${r.id}`)}
          scrollX={1080}
        />
      </div>
      {creating ? (
        <NewTicket
          title={asked}
          close={() => {
            setCreating(false);
            set({ new: undefined });
          }}
          opened={(id) => navigate(`/service/tickets/${id}`)}
        />
      ) : null}
    </>
  );
}
