import { PlusOutlined } from "@ant-design/icons";
import type { Grant } from "@tianmu/api/wire";
import { type DataColumn, DataTable } from "@tianmu/ui/data-table";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Checkbox, Select, Tag } from "antd";
import { useState } from "react";
import { can } from "../../../../app/permissions";
import { useMe } from "../../../session/session-context";
import { ItemSelect } from "../../components/item-select";
import { StateTag } from "../../components/state-tag";
import { useFilters } from "../../lib/use-filters";
import { itemWord } from "../../lib/words";
import { useGrants } from "../api/use-grants";
import { GRANT_ACCESS, GRANT_STATES, PERSON_MARKS } from "../lib/words";
import { GrantDrawer } from "./grant-drawer";
import { NewGrant } from "./new-grant";

/** Who may reach what and until when; what is over and still to be carried out. */
export function GrantsPanel() {
  const t = useT();
  const me = useMe();
  const [params, set] = useFilters();
  const [creating, setCreating] = useState(false);
  const removal = params.get("removal") === "1";
  const list = useGrants({
    state: params.get("state") ?? undefined,
    item_code: params.get("item") ?? undefined,
    removal_open: removal || undefined,
  });
  const columns: DataColumn<Grant>[] = [
    {
      key: "number",
      title: t("编号", "Number"),
      width: 138,
      render: (r) => <span className="tm-num">{r.number}</span>,
      text: (r) => r.number,
    },
    { key: "person", title: t("人员", "Person"), width: 96, render: (r) => r.person_name, text: (r) => r.person_name },
    {
      key: "system",
      title: t("系统", "System"),
      render: (r) => (
        <>
          {r.system_name} <span className="tm-muted">{t(...itemWord(r.item_code))}</span>
        </>
      ),
      text: (r) => r.system_name,
    },
    {
      key: "access",
      title: t("权限", "Access"),
      width: 92,
      render: (r) => t(...(GRANT_ACCESS[r.access] ?? ["", ""])),
      text: (r) => t(...(GRANT_ACCESS[r.access] ?? ["", ""])),
    },
    {
      key: "from",
      title: t("起", "From"),
      width: 134,
      render: (r) => <span className="tm-num">{dateTime(r.from)}</span>,
      text: (r) => dateTime(r.from),
    },
    {
      key: "until",
      title: t("止", "Until"),
      width: 134,
      render: (r) => <span className="tm-num">{dateTime(r.until)}</span>,
      text: (r) => dateTime(r.until),
    },
    {
      key: "state",
      title: t("状态", "State"),
      width: 210,
      render: (r) => (
        <>
          <StateTag state={r.state} words={GRANT_STATES} />
          {r.removal_open ? <Tag color="red">{t("待落实收回", "To be carried out")}</Tag> : null}
          {r.warnings.map((code) => (
            <Tag key={code} color="orange">
              {t(...(PERSON_MARKS[code] ?? [code, code]))}
            </Tag>
          ))}
        </>
      ),
      text: (r) => t(...(GRANT_STATES[r.state] ?? ["", ""])),
    },
  ];
  return (
    <>
      <div className="service-filters">
        <Select
          mode="multiple"
          maxTagCount={1}
          placeholder={t("全部状态", "All states")}
          aria-label={t("状态", "State")}
          value={params.get("state")?.split(",").filter(Boolean) ?? []}
          onChange={(value: string[]) => set({ state: value.join(",") || undefined })}
          style={{ width: 170 }}
          options={Object.entries(GRANT_STATES).map(([value, words]) => ({ value, label: t(...words) }))}
        />
        <ItemSelect value={params.get("item") ?? undefined} onChange={(value) => set({ item: value })} />
        <Checkbox
          checked={removal}
          onChange={(e) => set({ removal: e.target.checked ? "1" : undefined })}
          style={{ alignSelf: "center" }}
        >
          {t("只看待落实收回", "Only what is to be carried out")}
        </Checkbox>
        {can(me, "workDuties") ? (
          <Button
            type="primary"
            icon={<PlusOutlined />}
            style={{ marginInlineStart: "auto" }}
            onClick={() => setCreating(true)}
          >
            {t("申请权限", "Ask for access")}
          </Button>
        ) : null}
      </div>
      <DataTable
        list={list}
        columns={columns}
        rowKey={(r) => r.id}
        label={t("权限授予", "Access")}
        exportName={t("权限授予", "grants")}
        empty={
          removal
            ? t("没有待落实收回的权限。", "Nothing is to be carried out.")
            : t("没有符合条件的权限。", "No grant matches.")
        }
        onOpen={(r) => set({ id: r.id })}
        scrollX={1020}
      />
      {params.get("id") ? <GrantDrawer id={params.get("id") ?? ""} close={() => set({ id: undefined })} /> : null}
      {creating ? (
        <NewGrant
          close={() => setCreating(false)}
          requested={(id) => {
            setCreating(false);
            set({ id });
          }}
        />
      ) : null}
    </>
  );
}
