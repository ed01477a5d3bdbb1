import { PlusOutlined } from "@ant-design/icons";
import { PageHeader } from "@tianmu/ui/page-header";
import { useDebounced } from "@tianmu/ui/lib/use-debounced";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Checkbox, Input, Segmented, Select } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { can } from "../../../app/permissions";
import { OrganisationSelect } from "../../ecg/components/organisation-select";
import { useMe } from "../../session/session-context";
import { ItemSelect } from "../components/item-select";
import { useFilters } from "../lib/use-filters";
import { NewRequirement } from "./components/new-requirement";
import { RequirementBoard } from "./components/requirement-board";
import { RequirementTable } from "./components/requirement-table";
import { STATE_WORDS } from "./lib/words";

export function Page() {
  const t = useT();
  const me = useMe();
  const navigate = useNavigate();
  const [params, set] = useFilters();
  const [search, setSearch] = useState(params.get("q") ?? "");
  const q = useDebounced(search.trim());
  const [creating, setCreating] = useState(false);
  const board = params.get("view") === "board";
  const filter = {
    q: q || undefined,
    item_code: params.get("item") ?? undefined,
    organisation_id: params.get("organisation") ?? undefined,
    late: params.get("late") === "1" || undefined,
  };
  return (
    <>
      <PageHeader
        title={t("新增需求", "Requirements")}
        actions={
          <>
            <Segmented
              aria-label={t("显示方式", "View")}
              value={board ? "board" : "list"}
              onChange={(value) => set({ view: value === "board" ? "board" : undefined })}
              options={[
                { value: "list", label: t("列表", "List") },
                { value: "board", label: t("看板", "Board") },
              ]}
            />
            {can(me, "registerRequirements") ? (
              <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>
                {t("登记需求", "Register")}
              </Button>
            ) : null}
          </>
        }
      />
      <div className="service-filters">
        <Input.Search
          allowClear
          aria-label={t("搜索", "Search")}
          placeholder={t("需求、编号", "Words, number")}
          value={search}
          onChange={(e) => setSearch(e.target.value)}
          style={{ width: 200 }}
        />
        {board ? null : (
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
        )}
        <ItemSelect value={params.get("item") ?? undefined} onChange={(value) => set({ item: value })} />
        <OrganisationSelect
          value={params.get("organisation") ?? undefined}
          onChange={(value) => set({ organisation: value })}
          width={180}
        />
        <Checkbox
          checked={params.get("late") === "1"}
          onChange={(e) => set({ late: e.target.checked ? "1" : undefined })}
          style={{ alignSelf: "center" }}
        >
          {t("只看超时或未按期", "Only late or missed")}
        </Checkbox>
      </div>
      {board ? (
        <RequirementBoard filter={filter} />
      ) : (
        <RequirementTable filter={{ ...filter, state: params.get("state") ?? undefined }} />
      )}
      {creating ? (
        <NewRequirement close={() => setCreating(false)} registered={(id) => navigate(`/service/requirements/${id}`)} />
      ) : null}
    </>
  );
}
