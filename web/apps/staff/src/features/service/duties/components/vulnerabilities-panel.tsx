import { PlusOutlined } from "@ant-design/icons";
import type { VulnerabilityItem, VulnerabilitySeverity } from "@tianmu/api/wire";
import { type DataColumn, DataTable } from "@tianmu/ui/data-table";
import { ErrorState } from "@tianmu/ui/error-state";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, DatePicker, Form, Input, Modal, Select, Tag } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { can } from "../../../../app/permissions";
import { useMe } from "../../../session/session-context";
import { ContractItemSelect } from "../../components/contract-item-select";
import { ItemSelect } from "../../components/item-select";
import { StateTag } from "../../components/state-tag";
import { useFilters } from "../../lib/use-filters";
import { itemWord } from "../../lib/words";
import { useOpenVulnerability } from "../api/use-open-vulnerability";
import { useVulnerabilities } from "../api/use-vulnerabilities";
import { SEVERITIES, SEVERITY_COLOURS, VULNERABILITY_STATES } from "../lib/words";
import { VulnerabilityDrawer } from "./vulnerability-drawer";

/** Vulnerabilities and risks, and whether party A was told in time. */
export function VulnerabilitiesPanel() {
  const t = useT();
  const me = useMe();
  const [params, set] = useFilters();
  const [opening, setOpening] = useState(false);
  const list = useVulnerabilities({
    state: params.get("state") ?? undefined,
    item_code: params.get("item") ?? undefined,
  });
  const columns: DataColumn<VulnerabilityItem>[] = [
    {
      key: "number",
      title: t("编号", "Number"),
      width: 138,
      render: (r) => <span className="tm-num">{r.number}</span>,
      text: (r) => r.number,
    },
    {
      key: "title",
      title: t("漏洞或风险", "What"),
      render: (r) => (
        <>
          {r.title} <span className="tm-muted">{r.system_name}</span>
        </>
      ),
      text: (r) => r.title,
    },
    {
      key: "item",
      title: t("项目", "Item"),
      width: 110,
      render: (r) => t(...itemWord(r.item_code)),
      text: (r) => t(...itemWord(r.item_code)),
    },
    {
      key: "severity",
      title: t("等级", "Severity"),
      width: 76,
      render: (r) => <Tag color={SEVERITY_COLOURS[r.severity]}>{t(...(SEVERITIES[r.severity] ?? ["", ""]))}</Tag>,
      text: (r) => t(...(SEVERITIES[r.severity] ?? ["", ""])),
    },
    {
      key: "found",
      title: t("发现", "Found"),
      width: 134,
      render: (r) => <span className="tm-num">{dateTime(r.found_at)}</span>,
      text: (r) => dateTime(r.found_at),
    },
    {
      key: "reported",
      title: t("上报", "Reported"),
      width: 168,
      render: (r) => (
        <span className={r.late ? "service-late" : undefined}>
          <span className="tm-num">
            {r.reported_at
              ? dateTime(r.reported_at)
              : t(`${dateTime(r.report_due_at)} 前`, `by ${dateTime(r.report_due_at)}`)}
          </span>
          {r.late ? t(" 超时", " late") : ""}
        </span>
      ),
      text: (r) => dateTime(r.reported_at),
    },
    {
      key: "state",
      title: t("状态", "State"),
      width: 130,
      render: (r) => (
        <>
          <StateTag state={r.state} words={VULNERABILITY_STATES} />
          {r.published_at ? <Tag>{t("已公开", "Published")}</Tag> : null}
        </>
      ),
      text: (r) => t(...(VULNERABILITY_STATES[r.state] ?? ["", ""])),
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
          options={Object.entries(VULNERABILITY_STATES).map(([value, words]) => ({ value, label: t(...words) }))}
        />
        <ItemSelect value={params.get("item") ?? undefined} onChange={(value) => set({ item: value })} />
        {can(me, "workDuties") || can(me, "confirmDuties") ? (
          <Button
            type="primary"
            icon={<PlusOutlined />}
            style={{ marginInlineStart: "auto" }}
            onClick={() => setOpening(true)}
          >
            {t("登记漏洞或风险", "Enter one")}
          </Button>
        ) : null}
      </div>
      <DataTable
        list={list}
        columns={columns}
        rowKey={(r) => r.id}
        label={t("漏洞与风险", "Vulnerabilities")}
        exportName={t("漏洞与风险", "vulnerabilities")}
        empty={t("没有符合条件的漏洞或风险。", "None matches.")}
        onOpen={(r) => set({ id: r.id })}
        scrollX={1000}
      />
      {params.get("id") ? (
        <VulnerabilityDrawer id={params.get("id") ?? ""} close={() => set({ id: undefined })} />
      ) : null}
      {opening ? (
        <OpenVulnerability
          close={() => setOpening(false)}
          opened={(id) => {
            setOpening(false);
            set({ id });
          }}
        />
      ) : null}
    </>
  );
}

interface Fields {
  item_code: string;
  system_name: string;
  title: string;
  description: string;
  severity: VulnerabilitySeverity;
  found_by: string;
  found_at?: Dayjs;
}

function OpenVulnerability({ close, opened }: { close: () => void; opened: (id: string) => void }) {
  const t = useT();
  const open = useOpenVulnerability();
  const [form] = Form.useForm<Fields>();
  const required = [{ required: true, message: t("必填", "Required") }];
  return (
    <Modal
      open
      width={560}
      title={t("登记漏洞或风险", "Enter a vulnerability or risk")}
      onCancel={close}
      okText={t("登记", "Enter")}
      okButtonProps={{ loading: open.isPending }}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ severity: "medium" }}
        onFinish={(fields) =>
          open.mutate(
            { ...fields, found_at: fields.found_at?.toISOString() ?? null },
            { onSuccess: (made) => opened(made.id) },
          )
        }
      >
        <Form.Item name="title" label={t("名称", "Title")} rules={required}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="item_code" label={t("合同项目", "Item")} rules={required}>
          <ContractItemSelect />
        </Form.Item>
        <Form.Item name="system_name" label={t("系统或设备", "System")} rules={required}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="severity" label={t("等级（GB/T 30279）", "Severity (GB/T 30279)")} rules={required}>
          <Select options={Object.entries(SEVERITIES).map(([value, words]) => ({ value, label: t(...words) }))} />
        </Form.Item>
        <Form.Item name="description" label={t("情况", "Description")} rules={required}>
          <Input.TextArea rows={4} maxLength={4000} />
        </Form.Item>
        <Form.Item name="found_by" label={t("发现人或工具", "Found by")} rules={required}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item
          name="found_at"
          label={t("发现时间（留空为现在）", "Found at (now when empty)")}
          help={t("上报时限从发现时起算", "The time for reporting runs from it")}
        >
          <DatePicker showTime={{ format: "HH:mm:ss" }} style={{ width: "100%" }} />
        </Form.Item>
      </Form>
      {open.isError ? <ErrorState error={open.error} /> : null}
    </Modal>
  );
}
