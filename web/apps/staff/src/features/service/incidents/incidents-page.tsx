import { PlusOutlined } from "@ant-design/icons";
import type { IncidentItem } from "@tianmu/api/wire";
import { type DataColumn, DataTable } from "@tianmu/ui/data-table";
import { ErrorState } from "@tianmu/ui/error-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { dateTime, dayEnd, dayStart } from "@tianmu/ui/lib/time";
import { useDebounced } from "@tianmu/ui/lib/use-debounced";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, DatePicker, Input, Select, Tag } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useNavigate } from "react-router";
import { can } from "../../../app/permissions";
import { useMe } from "../../session/session-context";
import { DueCell } from "../components/due-cell";
import { ItemSelect } from "../components/item-select";
import { StateTag } from "../components/state-tag";
import { yuan } from "../lib/money";
import { useFilters } from "../lib/use-filters";
import { itemWord } from "../lib/words";
import { useIncidents } from "./api/use-incidents";
import { useTicket } from "../tickets/api/use-ticket";
import { DeclareIncident } from "./components/declare-incident";
import { SEVERITY_COLOURS, SEVERITY_WORDS, STATE_WORDS } from "./lib/words";

export function Page() {
  const t = useT();
  const me = useMe();
  const navigate = useNavigate();
  const [params, set] = useFilters();
  const [search, setSearch] = useState(params.get("q") ?? "");
  const q = useDebounced(search.trim());
  const [declaring, setDeclaring] = useState(false);
  const fromTicket = params.get("ticket");
  const from = params.get("from") ?? undefined;
  const to = params.get("to") ?? undefined;
  const list = useIncidents({
    q: q || undefined,
    state: params.get("state") ?? undefined,
    severity: params.get("severity") ?? undefined,
    item_code: params.get("item") ?? undefined,
    from: from ? dayStart(from) : undefined,
    to: to ? dayEnd(to) : undefined,
  });
  const late = (r: IncidentItem) =>
    r.restored_late === null ? null : r.restored_late ? t("超时", "late") : t("按时", "in time");
  const columns: DataColumn<IncidentItem>[] = [
    {
      key: "number",
      title: t("编号", "Number"),
      width: 138,
      render: (r) => <span className="tm-num">{r.number}</span>,
      text: (r) => r.number,
    },
    {
      key: "severity",
      title: t("等级", "Severity"),
      width: 122,
      render: (r) => (
        <Tag color={SEVERITY_COLOURS[r.severity]}>
          {t(...(SEVERITY_WORDS[r.severity] ?? [r.severity, r.severity]))}
          {r.overridden ? " *" : ""}
        </Tag>
      ),
      text: (r) => r.severity,
    },
    { key: "title", title: t("事件", "Incident"), render: (r) => r.title, text: (r) => r.title },
    {
      key: "item",
      title: t("系统", "System"),
      width: 110,
      render: (r) => t(...itemWord(r.item_code)),
      text: (r) => t(...itemWord(r.item_code)),
    },
    {
      key: "state",
      title: t("状态", "State"),
      width: 88,
      render: (r) => <StateTag state={r.state} words={STATE_WORDS} />,
      text: (r) => t(...(STATE_WORDS[r.state] ?? ["", ""])),
    },
    {
      key: "started",
      title: t("开始", "Began"),
      width: 132,
      render: (r) => <span className="tm-num">{dateTime(r.started_at)}</span>,
      text: (r) => dateTime(r.started_at),
    },
    {
      key: "due",
      title: t("时限", "Limit"),
      width: 150,
      render: (r) =>
        r.state === "handling" ? (
          <DueCell due={r.restore_due_at} />
        ) : r.restored_late ? (
          <span className="service-late">{t("恢复超时", "Restored late")}</span>
        ) : r.next_due_at ? (
          <>
            {r.next_due_at === r.report_due_at ? t("报告", "Report") : t("上报", "Notice")}{" "}
            <DueCell due={r.next_due_at} />
          </>
        ) : (
          <span className="tm-muted">{late(r) ?? "—"}</span>
        ),
      text: (r) => late(r),
    },
    {
      key: "occurrence",
      title: t("同类第几次", "Occurrence"),
      width: 92,
      align: "right",
      render: (r) => r.occurrence ?? "—",
      text: (r) => r.occurrence,
    },
    {
      key: "penalty",
      title: t("违约金（元）", "Fine (yuan)"),
      width: 104,
      align: "right",
      render: (r) => <span className="tm-num">{yuan(r.penalty_cents)}</span>,
      text: (r) => yuan(r.penalty_cents),
    },
  ];
  return (
    <>
      <PageHeader
        title={t("安全事件", "Incidents")}
        note={t("* 为专家组认定的等级", "* decided by the panel")}
        actions={
          can(me, "declareIncidents") ? (
            <Button type="primary" danger icon={<PlusOutlined />} onClick={() => setDeclaring(true)}>
              {t("登记事件", "Declare")}
            </Button>
          ) : null
        }
      />
      <div className="service-filters">
        <Input.Search
          allowClear
          aria-label={t("搜索", "Search")}
          placeholder={t("事件、编号", "Words, number")}
          value={search}
          onChange={(e) => setSearch(e.target.value)}
          style={{ width: 200 }}
        />
        <Select
          allowClear
          placeholder={t("全部等级", "All severities")}
          aria-label={t("等级", "Severity")}
          value={params.get("severity") ?? undefined}
          onChange={(value: string | undefined) => set({ severity: value })}
          style={{ width: 140 }}
          options={Object.entries(SEVERITY_WORDS).map(([value, words]) => ({ value, label: t(...words) }))}
        />
        <Select
          mode="multiple"
          maxTagCount={1}
          placeholder={t("全部状态", "All states")}
          aria-label={t("状态", "State")}
          value={params.get("state")?.split(",").filter(Boolean) ?? []}
          onChange={(value: string[]) => set({ state: value.join(",") || undefined })}
          style={{ width: 170 }}
          options={Object.entries(STATE_WORDS).map(([value, words]) => ({ value, label: t(...words) }))}
        />
        <ItemSelect value={params.get("item") ?? undefined} onChange={(value) => set({ item: value })} />
        <DatePicker.RangePicker
          aria-label={t("开始日期", "Began between")}
          value={from && to ? [dayjs(from), dayjs(to)] : null}
          onChange={(range) => set({ from: range?.[0]?.format("YYYY-MM-DD"), to: range?.[1]?.format("YYYY-MM-DD") })}
          style={{ width: 230 }}
        />
      </div>
      <DataTable
        list={list}
        columns={columns}
        rowKey={(r) => r.id}
        label={t("安全事件", "Incidents")}
        exportName={t("安全事件", "incidents")}
        empty={t("没有符合条件的事件。", "No incident matches.")}
        onOpen={(r) => navigate(`/service/incidents/${r.id}`)}
        scrollX={1106}
      />
      {fromTicket ? (
        <DeclareFromTicket
          id={fromTicket}
          close={() => set({ ticket: undefined })}
          declared={(id) => navigate(`/service/incidents/${id}`)}
        />
      ) : declaring ? (
        <DeclareIncident close={() => setDeclaring(false)} declared={(id) => navigate(`/service/incidents/${id}`)} />
      ) : null}
    </>
  );
}

/** Declares an incident with what a ticket tells already. */
function DeclareFromTicket({ id, ...rest }: { id: string; close: () => void; declared: (id: string) => void }) {
  const ticket = useTicket(id);
  if (ticket.isError) return <ErrorState error={ticket.error} onRetry={() => void ticket.refetch()} />;
  return ticket.data ? <DeclareIncident ticket={ticket.data} {...rest} /> : null;
}
