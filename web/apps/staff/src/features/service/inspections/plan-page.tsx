import { PrinterOutlined } from "@ant-design/icons";
import type { InspectionKind, InspectionState } from "@tianmu/api/wire";
import { EmptyState } from "@tianmu/ui/empty-state";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { day } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Checkbox, DatePicker, Select, Tabs } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { can } from "../../../app/permissions";
import { useMe } from "../../session/session-context";
import { useInspectionPlan } from "./api/use-inspection-plan";
import { AssignDialog } from "./components/assign-dialog";
import { AtHand } from "./components/at-hand";
import { ChecklistView } from "./components/checklist-view";
import { InspectionTable } from "./components/inspection-table";
import { YearPlan } from "./components/year-plan";
import { KIND_WORDS, STATE_WORDS } from "./lib/words";
import { contractsOf, currentContract, totals } from "./lib/year";

export function Page() {
  const t = useT();
  const me = useMe();
  const plan = useInspectionPlan();
  const [assigning, setAssigning] = useState(false);
  const [params, setParams] = useSearchParams();
  const set = (changes: Record<string, string | undefined>) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [name, value] of Object.entries(changes)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  if (plan.isError && !plan.data) return <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />;
  if (!plan.data) return <LoadingState rows={10} />;
  const contracts = contractsOf(plan.data);
  const today = day(Date.now());
  const wanted = params.get("contract") ?? currentContract(plan.data, today);
  const contract = contracts.find((each) => each.id === wanted) ?? contracts[0];
  const lines = plan.data.filter((line) => line.contract_id === contract?.id);
  const sums = totals(lines);
  const view = params.get("view") ?? "year";
  const states = params.get("state")?.split(",").filter(Boolean) ?? [];
  const from = params.get("from") ?? undefined;
  const to = params.get("to") ?? undefined;
  const number = (label: string, value: number, bad = false) => (
    <span style={bad && value > 0 ? { color: "#a8071a" } : undefined}>
      {label} <b className="tm-num">{value}</b>
    </span>
  );
  return (
    <>
      <PageHeader
        title={t("巡检", "Inspections")}
        note={
          <span style={{ display: "inline-flex", gap: 14, flexWrap: "wrap" }}>
            {number(t("全年", "In the term"), sums.all)}
            {number(t("已确认", "Confirmed"), sums.confirmed)}
            {number(t("待确认", "To confirm"), sums.submitted)}
            {number(t("巡检中", "In progress"), sums.open)}
            {number(t("逾期未交", "Overdue"), sums.overdue, true)}
            {number(t("逾期完成", "Came late"), sums.late, true)}
            {number(t("欠纸质报告", "Paper owed"), sums.paper, true)}
          </span>
        }
        actions={
          <span className="no-print" style={{ display: "flex", gap: 8 }}>
            {contracts.length > 1 ? (
              <Select
                aria-label={t("合同", "Contract")}
                value={contract?.id}
                onChange={(id) => set({ contract: id })}
                options={contracts.map((each) => ({ value: each.id, label: each.code }))}
                style={{ width: 160 }}
              />
            ) : null}
            {can(me, "workInspections") && lines.length > 0 ? (
              <Button onClick={() => setAssigning(true)}>{t("批量指派", "Assign the plan")}</Button>
            ) : null}
            {view === "year" ? (
              <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
                {t("打印计划", "Print the plan")}
              </Button>
            ) : null}
          </span>
        }
      />
      <Tabs
        className="no-print"
        size="small"
        activeKey={view}
        onChange={(key) => set({ view: key === "year" ? undefined : key })}
        items={[
          { key: "year", label: t("年度计划", "Plan") },
          { key: "list", label: t("列表", "List") },
          { key: "checklists", label: t("检查清单", "Checklists") },
        ]}
      />
      {view === "checklists" ? <ChecklistView /> : null}
      {view === "year" ? (
        lines.length > 0 ? (
          <>
            <YearPlan lines={lines} thisMonth={today.slice(0, 7)} />
            <AtHand lines={lines} today={today} />
          </>
        ) : (
          <EmptyState
            text={t("还没有巡检计划：合同登记后自动生成。", "No plan yet: it is made when a contract is entered.")}
          />
        )
      ) : null}
      {view === "list" ? (
        <>
          <div style={{ display: "flex", gap: 8, marginBottom: 10, flexWrap: "wrap", alignItems: "center" }}>
            <Select<InspectionKind>
              allowClear
              aria-label={t("类别", "Kind")}
              placeholder={t("全部类别", "All kinds")}
              value={(params.get("kind") as InspectionKind | null) ?? undefined}
              onChange={(value) => set({ kind: value })}
              style={{ width: 170 }}
              options={(Object.keys(KIND_WORDS) as InspectionKind[]).map((value) => ({
                value,
                label: t(...KIND_WORDS[value]),
              }))}
            />
            <Select<InspectionState[]>
              mode="multiple"
              maxTagCount={1}
              aria-label={t("状态", "State")}
              placeholder={t("全部状态", "All states")}
              value={states as InspectionState[]}
              onChange={(value) => set({ state: value.join(",") || undefined })}
              style={{ width: 180 }}
              options={(Object.keys(STATE_WORDS) as InspectionState[]).map((value) => ({
                value,
                label: t(...STATE_WORDS[value]),
              }))}
            />
            <DatePicker.RangePicker
              aria-label={t("应完成日期", "Due between")}
              value={from && to ? [dayjs(from), dayjs(to)] : null}
              onChange={(range) =>
                set({ from: range?.[0]?.format("YYYY-MM-DD"), to: range?.[1]?.format("YYYY-MM-DD") })
              }
              style={{ width: 240 }}
            />
            <Checkbox checked={params.has("late")} onChange={(e) => set({ late: e.target.checked ? "1" : undefined })}>
              {t("只看逾期", "Late only")}
            </Checkbox>
            {can(me, "workInspections") ? (
              <Checkbox
                checked={params.has("mine")}
                onChange={(e) => set({ mine: e.target.checked ? "1" : undefined })}
              >
                {t("指派给我", "Mine")}
              </Checkbox>
            ) : null}
          </div>
          <InspectionTable
            filter={{
              contract_id: contract?.id,
              kind: (params.get("kind") as InspectionKind | null) ?? undefined,
              state: states.join(",") || undefined,
              late: params.has("late") || undefined,
              mine: params.has("mine") || undefined,
              from,
              to,
            }}
          />
        </>
      ) : null}
      {assigning ? <AssignDialog lines={lines} onClose={() => setAssigning(false)} /> : null}
    </>
  );
}
