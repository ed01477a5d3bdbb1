import { SafetyCertificateOutlined } from "@ant-design/icons";
import type { AuditEntry } from "@tianmu/api/wire";
import { DataTable } from "@tianmu/ui/data-table";
import { ErrorState } from "@tianmu/ui/error-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { dateTimeSeconds, dayEnd, dayStart } from "@tianmu/ui/lib/time";
import { useDebounced } from "@tianmu/ui/lib/use-debounced";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, AutoComplete, Button, DatePicker, Descriptions, Drawer, Input, Select, Tag } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { ACTION_WORDS } from "../roles/lib/action-words";
import { useAudit } from "./api/use-audit";
import { useVerifyAudit } from "./api/use-verify-audit";
import { resourceText } from "./lib/resource-words";

const OUTCOME: Record<string, { zh: string; en: string; color: string }> = {
  allowed: { zh: "成功", en: "Allowed", color: "green" },
  denied: { zh: "拒绝", en: "Denied", color: "red" },
  failed: { zh: "失败", en: "Failed", color: "orange" },
};

export function Page() {
  const t = useT();
  const [params, setParams] = useSearchParams();
  const [resource, setResource] = useState(params.get("resource") ?? "");
  const [action, setAction] = useState(params.get("action") ?? "");
  const [chosen, setChosen] = useState<AuditEntry | null>(null);
  const verify = useVerifyAudit();
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
  const from = params.get("from") ?? undefined;
  const to = params.get("to") ?? undefined;
  const resource_id = useDebounced(resource.trim());
  const wantedAction = useDebounced(action.trim());
  const list = useAudit({
    action: wantedAction || undefined,
    outcome: params.get("outcome") ?? undefined,
    actor_id: params.get("actor") ?? undefined,
    resource_id: resource_id || undefined,
    from: from ? dayStart(from) : undefined,
    to: to ? dayEnd(to) : undefined,
  });
  const outcomeText = (outcome: string) => {
    const word = OUTCOME[outcome];
    return word ? t(word.zh, word.en) : outcome;
  };
  const actionText = (code: string) => {
    const pair = ACTION_WORDS[code];
    return pair ? t(...pair) : code;
  };
  return (
    <>
      <PageHeader
        title={t("审计日志", "Audit log")}
        note={t("每条记录与前一条以 SM3 相扣，不能篡改", "Entries are chained by SM3 and cannot be altered")}
        actions={
          <Button icon={<SafetyCertificateOutlined />} loading={verify.isPending} onClick={() => verify.mutate()}>
            {t("核验完整性", "Verify the chain")}
          </Button>
        }
      />
      {verify.isError ? <ErrorState error={verify.error} onRetry={() => verify.mutate()} /> : null}
      {verify.data ? (
        <Alert
          closable
          type={verify.data.ok ? "success" : "error"}
          showIcon
          style={{ marginBottom: 10 }}
          title={
            verify.data.ok
              ? t(
                  `核验通过：共 ${verify.data.checked} 条，链条完整。`,
                  `Verified: ${verify.data.checked} entries, the chain is whole.`,
                )
              : t(
                  `核验失败：从第 ${verify.data.first_bad_seq} 条起与链条不符，请立即上报。`,
                  `Broken from entry ${verify.data.first_bad_seq}: report it at once.`,
                )
          }
          description={
            <span className="tm-muted" style={{ fontSize: 12, wordBreak: "break-all" }}>
              {dateTimeSeconds(verify.data.checked_at)} SM3 {verify.data.head_hash}
            </span>
          }
        />
      ) : null}
      <div style={{ display: "flex", gap: 8, marginBottom: 10, flexWrap: "wrap" }}>
        <AutoComplete
          allowClear
          aria-label={t("操作", "Action")}
          placeholder={t("全部操作", "All actions")}
          value={action}
          onChange={(value: string | undefined) => setAction(value ?? "")}
          style={{ width: 200 }}
          options={Object.entries(ACTION_WORDS).map(([value, pair]) => ({ value, label: `${t(...pair)}（${value}）` }))}
          showSearch={{ filterOption: (text, option) => `${option?.label ?? ""}`.includes(text) }}
        />
        <Select<string>
          allowClear
          aria-label={t("结果", "Outcome")}
          placeholder={t("全部结果", "All outcomes")}
          value={params.get("outcome") ?? undefined}
          onChange={(value) => set({ outcome: value })}
          style={{ width: 110 }}
          options={Object.entries(OUTCOME).map(([value, word]) => ({ value, label: t(word.zh, word.en) }))}
        />
        <DatePicker.RangePicker
          aria-label={t("日期", "Dates")}
          value={from && to ? [dayjs(from), dayjs(to)] : null}
          onChange={(range) => set({ from: range?.[0]?.format("YYYY-MM-DD"), to: range?.[1]?.format("YYYY-MM-DD") })}
          style={{ width: 240 }}
        />
        <Input
          allowClear
          value={resource}
          onChange={(event) => setResource(event.target.value)}
          placeholder={t("对象编号", "Resource id")}
          aria-label={t("对象编号", "Resource id")}
          style={{ width: 300 }}
        />
        {params.get("actor") ? (
          <Tag
            closable
            onClose={() => set({ actor: undefined, actor_name: undefined })}
            style={{ alignSelf: "center" }}
          >
            {t(
              `操作人：${params.get("actor_name") ?? params.get("actor")}`,
              `By ${params.get("actor_name") ?? params.get("actor")}`,
            )}
          </Tag>
        ) : null}
      </div>
      <DataTable<AuditEntry>
        label={t("审计日志", "Audit log")}
        list={list}
        rowKey={(entry) => String(entry.seq)}
        exportName={t("审计日志", "audit")}
        onOpen={setChosen}
        empty={t("没有符合条件的记录。", "No entry matches.")}
        columns={[
          {
            key: "seq",
            title: t("序号", "No."),
            width: 80,
            align: "right",
            render: (e) => <span className="tm-num">{e.seq}</span>,
            text: (e) => e.seq,
          },
          {
            key: "at",
            title: t("时间", "At"),
            width: 165,
            render: (e) => <span className="tm-num">{dateTimeSeconds(e.at)}</span>,
            text: (e) => dateTimeSeconds(e.at),
          },
          {
            key: "actor",
            title: t("操作人", "By"),
            width: 120,
            render: (e) =>
              e.actor_id ? (
                <Button
                  type="link"
                  size="small"
                  style={{ padding: 0 }}
                  onClick={() => set({ actor: e.actor_id ?? undefined, actor_name: e.actor_name ?? undefined })}
                >
                  {e.actor_name ?? e.actor_id.slice(0, 8)}
                </Button>
              ) : (
                <span className="tm-muted">{e.actor_name ?? t("系统", "System")}</span>
              ),
            text: (e) => e.actor_name ?? e.actor_id ?? "",
          },
          {
            key: "organisation",
            title: t("机构", "Organisation"),
            width: 150,
            ellipsis: true,
            render: (e) => e.organisation_name ?? "—",
            text: (e) => e.organisation_name,
          },
          {
            key: "action",
            title: t("操作", "Action"),
            width: 150,
            render: (e) => <span title={e.action}>{actionText(e.action)}</span>,
            text: (e) => e.action,
          },
          {
            key: "outcome",
            title: t("结果", "Outcome"),
            width: 70,
            render: (e) => <Tag color={OUTCOME[e.outcome]?.color}>{outcomeText(e.outcome)}</Tag>,
            text: (e) => e.outcome,
          },
          {
            key: "resource",
            title: t("对象", "Resource"),
            ellipsis: true,
            render: (e) => resourceText(e, t),
            text: (e) => resourceText(e, t),
          },
          {
            key: "reason",
            title: t("原因", "Reason"),
            width: 120,
            ellipsis: true,
            render: (e) => e.reason ?? "",
            text: (e) => e.reason,
          },
          {
            key: "address",
            title: t("地址", "Address"),
            width: 120,
            render: (e) => <span className="tm-num">{e.address ?? "—"}</span>,
            text: (e) => e.address,
          },
        ]}
      />
      <Drawer
        open={chosen !== null}
        onClose={() => setChosen(null)}
        size={520}
        title={chosen ? t(`第 ${chosen.seq} 条`, `Entry ${chosen.seq}`) : ""}
      >
        {chosen ? (
          <>
            <Descriptions
              size="small"
              column={1}
              bordered
              styles={{ label: { width: 96, whiteSpace: "nowrap" } }}
              items={[
                { key: "at", label: t("时间", "At"), children: dateTimeSeconds(chosen.at) },
                {
                  key: "actor",
                  label: t("操作人", "By"),
                  children: `${chosen.actor_name ?? "—"}（${chosen.actor_kind}）`,
                },
                { key: "organisation", label: t("机构", "Organisation"), children: chosen.organisation_name ?? "—" },
                {
                  key: "action",
                  label: t("操作", "Action"),
                  children: `${actionText(chosen.action)}　${chosen.action}`,
                },
                {
                  key: "outcome",
                  label: t("结果", "Outcome"),
                  children: outcomeText(chosen.outcome),
                },
                {
                  key: "resource",
                  label: t("对象", "Resource"),
                  children: resourceText(chosen, t),
                },
                { key: "patient", label: t("患者编号", "Patient"), children: chosen.patient_id ?? "—" },
                { key: "reason", label: t("原因", "Reason"), children: chosen.reason ?? "—" },
                { key: "address", label: t("来源地址", "Address"), children: chosen.address ?? "—" },
                { key: "request", label: t("请求编号", "Request"), children: chosen.request_id ?? "—" },
                { key: "hash", label: "SM3", children: <span style={{ wordBreak: "break-all" }}>{chosen.hash}</span> },
              ]}
            />
            <h4>{t("详情", "Detail")}</h4>
            <pre className="tm-pre" style={{ background: "#f5f8fb", padding: 10, fontSize: 12 }}>
              {JSON.stringify(chosen.detail, null, 2)}
            </pre>
          </>
        ) : null}
      </Drawer>
    </>
  );
}
