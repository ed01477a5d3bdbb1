import type { RequirementItem } from "@tianmu/api/wire";
import { type DataColumn, DataTable } from "@tianmu/ui/data-table";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Tag } from "antd";
import { useNavigate } from "react-router";
import { DueCell } from "../../components/due-cell";
import { StateTag } from "../../components/state-tag";
import { yuan } from "../../lib/money";
import { itemWord } from "../../lib/words";
import { type RequirementFilter, useRequirements } from "../api/use-requirements";
import { KIND_WORDS, STATE_WORDS } from "../lib/words";

/** Requirements as a list, newest first. */
export function RequirementTable({ filter }: { filter: RequirementFilter }) {
  const t = useT();
  const navigate = useNavigate();
  const list = useRequirements(filter);
  const columns: DataColumn<RequirementItem>[] = [
    {
      key: "number",
      title: t("编号", "Number"),
      width: 138,
      render: (r) => <span className="tm-num">{r.number}</span>,
      text: (r) => r.number,
    },
    {
      key: "title",
      title: t("需求", "Requirement"),
      render: (r) => (
        <>
          {r.title}{" "}
          {r.missed_count > 0 ? (
            <Tag color="red">{t(`未按期 ${r.missed_count} 次`, `${r.missed_count} missed`)}</Tag>
          ) : null}
          {r.complained ? <Tag color="volcano">{t("投诉", "Complaint")}</Tag> : null}
          {r.business_affected ? <Tag color="volcano">{t("影响业务", "Business affected")}</Tag> : null}
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
      key: "kind",
      title: t("分类", "Kind"),
      width: 96,
      render: (r) => (
        <span
          className={r.kind_confirmed ? "" : "tm-muted"}
          title={r.kind_confirmed ? undefined : t("双方尚未确认", "not confirmed by both")}
        >
          {r.kind === "complex" ? t("复杂", "Complex") : t("普通", "Ordinary")}
          {r.kind_confirmed ? "" : " ?"}
        </span>
      ),
      text: (r) => t(...(KIND_WORDS[r.kind] ?? ["", ""])),
    },
    {
      key: "state",
      title: t("状态", "State"),
      width: 88,
      render: (r) => <StateTag state={r.state} words={STATE_WORDS} />,
      text: (r) => t(...(STATE_WORDS[r.state] ?? ["", ""])),
    },
    {
      key: "received",
      title: t("接收时间", "Received"),
      width: 132,
      render: (r) => <span className="tm-num">{dateTime(r.received_at)}</span>,
      text: (r) => dateTime(r.received_at),
    },
    {
      key: "due",
      title: t("时限", "Limit"),
      width: 130,
      render: (r) =>
        r.next_due_at || r.blocked ? (
          <DueCell due={r.next_due_at} blocked={r.blocked} />
        ) : (
          <span className="tm-muted">—</span>
        ),
    },
    {
      key: "penalty",
      title: t("违约金（元）", "Fines (yuan)"),
      width: 104,
      align: "right",
      render: (r) => <span className="tm-num">{r.penalty_cents ? yuan(r.penalty_cents) : "—"}</span>,
      text: (r) => yuan(r.penalty_cents),
    },
  ];
  return (
    <DataTable
      list={list}
      columns={columns}
      rowKey={(r) => r.id}
      label={t("新增需求", "Requirements")}
      exportName={t("新增需求", "requirements")}
      empty={t("没有符合条件的需求。", "No requirement matches.")}
      onOpen={(r) => navigate(`/service/requirements/${r.id}`)}
      scrollX={1080}
    />
  );
}
