import type { Equipment } from "@tianmu/api/wire";
import { EmptyState } from "@tianmu/ui/empty-state";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { download, toCsv } from "@tianmu/ui/lib/csv";
import { day } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Checkbox, Input, Select, Table, Tag } from "antd";
import { useState } from "react";
import { can } from "../../../app/permissions";
import { useMe } from "../../session/session-context";
import { useEquipment } from "./api/use-equipment";
import { useInspectionPlan } from "./api/use-inspection-plan";
import { EquipmentDrawer } from "./components/equipment-drawer";
import { contractsOf, currentContract } from "./lib/year";

/** Every unit that the contract names: what it is called, where it stands, what monitoring calls it. */
export function Page() {
  const t = useT();
  const me = useMe();
  const plan = useInspectionPlan();
  const contracts = contractsOf(plan.data ?? []);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const contract =
    contracts.find((each) => each.id === (chosen ?? currentContract(plan.data ?? [], day(Date.now())))) ?? contracts[0];
  const equipment = useEquipment(contract?.id);
  const [text, setText] = useState("");
  const [item, setItem] = useState<string | undefined>(undefined);
  const [retired, setRetired] = useState(false);
  const [edited, setEdited] = useState<Equipment | null>(null);
  const error = plan.error ?? equipment.error;
  if (error && !equipment.data)
    return (
      <ErrorState
        error={error}
        onRetry={() => {
          void plan.refetch();
          if (contract) void equipment.refetch();
        }}
      />
    );
  if (!plan.data || (contract && !equipment.data)) return <LoadingState rows={10} />;
  const all = equipment.data ?? [];
  const wanted = text.trim().toLowerCase();
  const rows = all
    .filter((unit) => retired || !unit.retired)
    .filter((unit) => !item || unit.item_code === item)
    .filter((unit) =>
      [unit.label, unit.serial_number, unit.place, unit.organisation_name, unit.contract_name].some((part) =>
        part?.toLowerCase().includes(wanted),
      ),
    );
  const itemName = (code: string) =>
    code === "cloud"
      ? t("云计算平台", "Cloud platform")
      : code === "video"
        ? t("远程会诊视频硬件", "Video hardware")
        : code;
  const columns: { title: string; text: (unit: Equipment) => string }[] = [
    { title: t("名称", "Name"), text: (unit) => unit.label },
    { title: t("类型", "Type"), text: (unit) => t(unit.type_name_zh, unit.type_name_en) },
    { title: t("合同项目", "Item"), text: (unit) => itemName(unit.item_code) },
    { title: t("合同名称", "In the contract"), text: (unit) => `${unit.contract_name} #${unit.ordinal}` },
    { title: t("序列号", "Serial number"), text: (unit) => unit.serial_number ?? "" },
    { title: t("所在机构", "Institution"), text: (unit) => unit.organisation_name ?? "" },
    { title: t("位置", "Place"), text: (unit) => unit.place ?? "" },
    { title: t("监控名称", "In monitoring"), text: (unit) => unit.monitoring_name ?? "" },
  ];
  return (
    <>
      <PageHeader
        title={t("设备登记", "Equipment")}
        note={t(`${rows.length} 台（套）`, `${rows.length} units`)}
        actions={
          <Button
            disabled={rows.length === 0}
            onClick={() =>
              download(
                `${t("设备", "equipment")}-${day(Date.now())}.csv`,
                toCsv(
                  columns.map((column) => column.title),
                  rows.map((unit) => columns.map((column) => column.text(unit))),
                ),
              )
            }
          >
            {t("导出表格", "Export CSV")}
          </Button>
        }
      />
      <div style={{ display: "flex", gap: 8, marginBottom: 10, flexWrap: "wrap", alignItems: "center" }}>
        <Input
          allowClear
          aria-label={t("查找设备", "Find equipment")}
          placeholder={t("名称、序列号、位置、机构", "Name, serial number, place")}
          value={text}
          onChange={(event) => setText(event.target.value)}
          style={{ width: 240 }}
        />
        <Select
          allowClear
          aria-label={t("合同项目", "Item")}
          placeholder={t("全部项目", "All items")}
          value={item}
          onChange={setItem}
          style={{ width: 170 }}
          options={[...new Set(all.map((unit) => unit.item_code))].map((code) => ({
            value: code,
            label: itemName(code),
          }))}
        />
        {contracts.length > 1 ? (
          <Select
            aria-label={t("合同", "Contract")}
            value={contract?.id}
            onChange={setChosen}
            options={contracts.map((each) => ({ value: each.id, label: each.code }))}
            style={{ width: 160 }}
          />
        ) : null}
        <Checkbox checked={retired} onChange={(event) => setRetired(event.target.checked)}>
          {t("含已退出合同的", "With what left the contract")}
        </Checkbox>
      </div>
      <div className="tm-panel">
        <Table<Equipment>
          size="small"
          aria-label={t("设备登记", "Equipment")}
          rowKey="id"
          dataSource={rows}
          pagination={{ pageSize: 50, hideOnSinglePage: true }}
          scroll={{ x: 1100 }}
          locale={{ emptyText: <EmptyState text={t("没有符合条件的设备。", "No equipment matches.")} /> }}
          columns={[
            ...columns.map((column, n) => ({
              key: column.title,
              title: column.title,
              render: (_: unknown, unit: Equipment) => (
                <>
                  {column.text(unit) || <span className="tm-muted">—</span>}{" "}
                  {n === 0 && unit.retired ? <Tag>{t("已退出", "Left")}</Tag> : null}
                </>
              ),
            })),
            {
              key: "edit",
              title: "",
              width: 70,
              render: (_: unknown, unit: Equipment) =>
                can(me, "workInspections") ? (
                  <Button size="small" onClick={() => setEdited(unit)}>
                    {t("修改", "Edit")}
                  </Button>
                ) : null,
            },
          ]}
        />
      </div>
      {edited ? <EquipmentDrawer key={edited.id} unit={edited} onClose={() => setEdited(null)} /> : null}
    </>
  );
}
