import { PlusOutlined } from "@ant-design/icons";
import type { DataCorrectionItem } from "@tianmu/api/wire";
import { type DataColumn, DataTable } from "@tianmu/ui/data-table";
import { PageHeader } from "@tianmu/ui/page-header";
import { dateTime } from "@tianmu/ui/lib/time";
import { useDebounced } from "@tianmu/ui/lib/use-debounced";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Checkbox, Input, Select, Tag } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { can } from "../../../app/permissions";
import { OrganisationSelect } from "../../ecg/components/organisation-select";
import { useMe } from "../../session/session-context";
import { useTerms } from "../api/use-terms";
import { ItemSelect } from "../components/item-select";
import { StateTag } from "../components/state-tag";
import { yuan } from "../lib/money";
import { useFilters } from "../lib/use-filters";
import { itemWord } from "../lib/words";
import { useCorrections } from "./api/use-corrections";
import { NewCorrection } from "./components/new-correction";
import { STATE_WORDS } from "./lib/words";

export function Page() {
  const t = useT();
  const me = useMe();
  const navigate = useNavigate();
  const [params, set] = useFilters();
  const [search, setSearch] = useState(params.get("q") ?? "");
  const q = useDebounced(search.trim());
  const ticket = params.get("new");
  const [creating, setCreating] = useState(ticket !== null);
  const approvalAmount = useTerms().data?.approval_amount_cents;
  const list = useCorrections({
    q: q || undefined,
    state: params.get("state") ?? undefined,
    item_code: params.get("item") ?? undefined,
    organisation_id: params.get("organisation") ?? undefined,
    violations: params.get("violations") === "1" || undefined,
  });
  const columns: DataColumn<DataCorrectionItem>[] = [
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
          {r.title} {r.violation ? <Tag color="red">{t("审批前操作", "Work before approval")}</Tag> : null}
          {r.approval_needed ? null : <Tag>{t("免审批", "Exempt")}</Tag>}
        </>
      ),
      text: (r) => r.title,
    },
    {
      key: "organisation",
      title: t("机构", "Institution"),
      width: 150,
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
      key: "state",
      title: t("状态", "State"),
      width: 88,
      render: (r) => <StateTag state={r.state} words={STATE_WORDS} />,
      text: (r) => t(...(STATE_WORDS[r.state] ?? ["", ""])),
    },
    {
      key: "requested",
      title: t("申请", "Requested"),
      width: 136,
      render: (r) => <Signed name={r.requested_by_name} at={r.requested_at} />,
      text: (r) => dateTime(r.requested_at),
    },
    {
      key: "decided",
      title: t("审批", "Decided"),
      width: 136,
      render: (r) => <Signed name={r.decided_by_name} at={r.decided_at} />,
      text: (r) => dateTime(r.decided_at),
    },
    {
      key: "executed",
      title: t("执行", "Executed"),
      width: 136,
      render: (r) => <Signed name={r.executed_by_name} at={r.executed_at} />,
      text: (r) => dateTime(r.executed_at),
    },
  ];
  return (
    <>
      <PageHeader
        title={t("数据修改", "Data corrections")}
        note={
          approvalAmount === undefined
            ? null
            : t(
                `修改医疗文书、数据库数据或 ${yuan(approvalAmount)} 元以上收费问题，须先经卫健局信息科审批`,
                `Medical documents, data, charges from ${yuan(approvalAmount)} yuan: approval first`,
              )
        }
        actions={
          can(me, "requestCorrections") ? (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>
              {t("填写申请单", "New form")}
            </Button>
          ) : null
        }
      />
      <div className="service-filters">
        <Input.Search
          allowClear
          aria-label={t("搜索", "Search")}
          placeholder={t("事项、编号", "Words, number")}
          value={search}
          onChange={(e) => setSearch(e.target.value)}
          style={{ width: 200 }}
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
        <OrganisationSelect
          value={params.get("organisation") ?? undefined}
          onChange={(value) => set({ organisation: value })}
          width={180}
        />
        <Checkbox
          checked={params.get("violations") === "1"}
          onChange={(e) => set({ violations: e.target.checked ? "1" : undefined })}
          style={{ alignSelf: "center" }}
        >
          {t("只看违规", "Only violations")}
        </Checkbox>
      </div>
      <DataTable
        list={list}
        columns={columns}
        rowKey={(r) => r.id}
        label={t("数据修改", "Data corrections")}
        exportName={t("数据修改", "data-corrections")}
        empty={t("没有符合条件的申请单。", "No form matches.")}
        onOpen={(r) => navigate(`/service/corrections/${r.id}`)}
        scrollX={1080}
      />
      {creating ? (
        <NewCorrection
          ticketId={ticket}
          close={() => {
            setCreating(false);
            set({ new: undefined });
          }}
          requested={(id) => navigate(`/service/corrections/${id}`)}
        />
      ) : null}
    </>
  );
}

/** Who did it, and when. */
function Signed({ name, at }: { name: string | null; at: string | null }) {
  return at ? (
    <>
      <div>{name}</div>
      <span className="tm-muted tm-num">{dateTime(at)}</span>
    </>
  ) : (
    "—"
  );
}
