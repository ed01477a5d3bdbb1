import { FilePdfOutlined } from "@ant-design/icons";
import type { Penalty, Settlement } from "@tianmu/api/wire";
import { EmptyState } from "@tianmu/ui/empty-state";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { ReasonDialog } from "@tianmu/ui/reason-dialog";
import { dateTime } from "@tianmu/ui/lib/time";
import { type Translate, useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Button, DatePicker, Select, Tabs } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { StateTag } from "../components/state-tag";
import { StepDialog } from "../components/step-buttons";
import { useContracts } from "../contracts/api/use-contracts";
import { yuan } from "../lib/money";
import { useFilters } from "../lib/use-filters";
import { useClaimPenalty } from "./api/use-claim-penalty";
import { useExcuseInstalment } from "./api/use-excuse-instalment";
import { useRecordPayment } from "./api/use-record-payment";
import { useReversePayment } from "./api/use-reverse-payment";
import { useSettlement } from "./api/use-settlement";
import { PenaltyDrawer } from "./components/penalty-drawer";
import { TerminationPanel } from "./components/termination-panel";
import { PENALTY_STATES } from "./lib/words";
import "../components/service.css";

export function Page() {
  const t = useT();
  const [params, set] = useFilters();
  const contracts = useContracts();
  const list = contracts.data ?? [];
  const contract =
    list.find((c) => c.id === params.get("contract")) ?? list.find((c) => c.state === "in_force") ?? list[0];
  const period = {
    from: params.get("from") ?? undefined,
    to: params.get("to") ?? undefined,
    as_of: params.get("as_of") ?? undefined,
  };
  const account = useSettlement(contract?.id, period);
  const query = new URLSearchParams(
    Object.entries(period).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const data = account.data;
  return (
    <>
      <PageHeader
        title={t("结算", "Settlement")}
        actions={
          <>
            {list.length > 1 ? (
              <Select
                aria-label={t("合同", "Contract")}
                value={contract?.id}
                onChange={(value: string) => set({ contract: value, from: undefined, to: undefined })}
                style={{ minWidth: 180 }}
                options={list.map((c) => ({ value: c.id, label: c.code }))}
              />
            ) : null}
            {contract ? (
              <a
                href={`/api/v1/service/contracts/${contract.id}/settlement/pdf?${query}`}
                target="_blank"
                rel="noreferrer"
              >
                <Button icon={<FilePdfOutlined />}>{t("结算单 PDF", "Statement PDF")}</Button>
              </a>
            ) : null}
          </>
        }
      />
      {contracts.isError || account.isError ? (
        <ErrorState error={contracts.error ?? account.error} onRetry={() => void account.refetch()} />
      ) : contracts.data && list.length === 0 ? (
        <EmptyState text={t("尚未录入服务合同。", "No contract has been entered.")} />
      ) : !data ? (
        <LoadingState rows={10} />
      ) : (
        <>
          <div className="service-filters">
            <Select
              aria-label={t("结算期", "Period")}
              value={period.from ? `${period.from} ${period.to}` : "all"}
              onChange={(value: string) => {
                const [from, to] = value === "all" ? [] : value.split(" ");
                set({ from, to });
              }}
              style={{ width: 280 }}
              options={[
                { value: "all", label: t("整个合同期（年度结算）", "The whole term") },
                ...data.quarters.map((q) => ({
                  value: `${q.from} ${q.to}`,
                  label: t(`第${q.number}季度 ${q.from} 至 ${q.to}`, `Quarter ${q.number}: ${q.from} to ${q.to}`),
                })),
              ]}
            />
            <DatePicker
              aria-label={t("截至日期", "As of")}
              placeholder={t("截至日期", "As of")}
              value={period.as_of ? dayjs(period.as_of) : null}
              onChange={(value) => set({ as_of: value?.format("YYYY-MM-DD") })}
            />
            <span className="tm-muted" style={{ alignSelf: "center" }}>
              {t(`${data.from} 至 ${data.to}，截至 ${data.as_of}`, `${data.from} to ${data.to}, as of ${data.as_of}`)}
            </span>
          </div>
          {data.ledger_agrees ? null : (
            <Alert
              type="error"
              showIcon
              style={{ marginBottom: 12 }}
              title={t("台账金额与分录不一致，请联系系统管理员。", "The ledger does not add up.")}
            />
          )}
          <div className="service-sums">
            <Sum label={t("已确认违约金", "Confirmed")} cents={data.sums.confirmed_cents} />
            <Sum label={t("待双方复核", "In review")} cents={data.sums.proposed_cents} />
            <Sum label={t("有争议", "Disputed")} cents={data.sums.disputed_cents} />
            <Sum label={t("配件与合同外", "Parts, extra work")} cents={data.billable_cents} />
            <Sum
              label={t("甲方尚应支付", "Party A still pays")}
              cents={data.payable_cents}
              note={data.payable_capital}
            />
          </div>
          <Account
            data={data}
            t={t}
            open={(id) => set({ penalty: id })}
            tab={params.get("tab") ?? "penalties"}
            setTab={(key) => set({ tab: key })}
          />
        </>
      )}
      {params.get("penalty") ? (
        <PenaltyDrawer id={params.get("penalty") ?? ""} close={() => set({ penalty: undefined })} />
      ) : null}
    </>
  );
}

function Sum({ label, cents, note }: { label: string; cents: number; note?: string }) {
  return (
    <div>
      <span className="tm-muted">{label}</span>
      <b>{yuan(cents)}</b>
      {note ? (
        <span className="tm-muted" style={{ fontSize: 12 }}>
          {note}
        </span>
      ) : null}
    </div>
  );
}

interface AccountProps {
  data: Settlement;
  t: Translate;
  open: (id: string) => void;
  tab: string;
  setTab: (key: string) => void;
}

function Account({ data, t, open, tab, setTab }: AccountProps) {
  return (
    <Tabs
      size="small"
      activeKey={tab}
      onChange={setTab}
      items={[
        {
          key: "penalties",
          label: t(`违约金（${data.penalties.length}）`, `Penalties (${data.penalties.length})`),
          children: <Penalties data={data} t={t} open={open} />,
        },
        { key: "payments", label: t("付款", "Payments"), children: <Payments data={data} t={t} /> },
        {
          key: "termination",
          label: t("提前终止测算", "Early end"),
          children: <TerminationPanel contractId={data.contract_id} />,
        },
      ]}
    />
  );
}

function Penalties({ data, t, open }: { data: Settlement; t: Translate; open: (id: string) => void }) {
  const claim = useClaimPenalty();
  const [dialog, setDialog] = useState<"late_delivery" | "security_breach" | "loss" | null>(null);
  const running = data.running.confirmed_cents + data.running.proposed_cents + data.running.disputed_cents;
  const subject = { name: "subject", label: t("事项", "What"), kind: "text" as const, required: true };
  const on = { name: "occurred_on", label: t("发生日期", "When"), kind: "date" as const, required: true };
  const forms = {
    late_delivery: {
      label: t("逾期或未达标服务（7.2）", "Late service (7.2)"),
      fields: [
        subject,
        { name: "due", label: t("应完成日期", "Due"), kind: "date" as const, required: true },
        { name: "done", label: t("实际完成日期", "Done"), kind: "date" as const, required: true },
      ],
    },
    security_breach: { label: t("违反网络安全约定（附件3 三.1）", "Security breach"), fields: [subject, on] },
    loss: {
      label: t("损失赔偿（7.4，协商金额）", "Loss (7.4)"),
      fields: [
        subject,
        on,
        { name: "amount_cents", label: t("金额", "Amount"), kind: "yuan" as const, required: true },
      ],
    },
  };
  const row = (p: Penalty) => (
    <tr
      key={p.id}
      className="tm-clickable-row"
      tabIndex={0}
      onClick={() => open(p.id)}
      onKeyDown={(e) => (e.key === "Enter" ? open(p.id) : undefined)}
    >
      <td className="tm-num">{p.number}</td>
      <td className="tm-num">{dateTime(p.occurred_at)}</td>
      <td>{p.subject}</td>
      <td>{p.lines.at(-1)?.derivation.clause}</td>
      <td className="end">{p.needs_choice ? t("待选择金额", "to be chosen") : yuan(p.amount_cents)}</td>
      <td>
        <StateTag state={p.state} words={PENALTY_STATES} />
      </td>
      <td>
        {[p.accepted_a ? t("甲方", "A") : "", p.accepted_b ? t("乙方", "B") : ""].filter(Boolean).join("、") || "—"}
      </td>
    </tr>
  );
  return (
    <section className="service-panel">
      <div style={{ display: "flex", gap: 8, alignItems: "center", marginBottom: 8, flexWrap: "wrap" }}>
        <span className="tm-muted">
          {t(
            `合同累计 ${yuan(running)} 元；参考：7.2 的上限 ${yuan(data.cap_cents)} 元`,
            `Contract so far ${yuan(running)}; the cap of 7.2 is ${yuan(data.cap_cents)}`,
          )}
        </span>
        {data.allowed_actions.includes("claim") ? (
          <span style={{ marginInlineStart: "auto", display: "flex", gap: 8 }}>
            {(Object.keys(forms) as (keyof typeof forms)[]).map((rule) => (
              <Button key={rule} size="small" onClick={() => setDialog(rule)}>
                {forms[rule].label}
              </Button>
            ))}
          </span>
        ) : null}
      </div>
      <table className="service-table">
        <thead>
          <tr>
            <th>{t("编号", "Number")}</th>
            <th>{t("发生时间", "When")}</th>
            <th>{t("事项", "What")}</th>
            <th>{t("条款", "Clause")}</th>
            <th className="end">{t("金额（元）", "Yuan")}</th>
            <th>{t("状态", "State")}</th>
            <th>{t("已确认方", "Accepted by")}</th>
          </tr>
        </thead>
        <tbody>
          {data.penalties.length === 0 ? (
            <tr>
              <td colSpan={7} className="tm-muted">
                {t("本期没有违约金。", "No penalty in this period.")}
              </td>
            </tr>
          ) : (
            data.penalties.map(row)
          )}
        </tbody>
      </table>
      {dialog ? (
        <StepDialog
          step={{ name: dialog, label: forms[dialog].label, fields: forms[dialog].fields }}
          take={({ step: _, ...body }) =>
            claim.mutateAsync({ rule: dialog, contract_id: data.contract_id, ...body } as never)
          }
          close={() => setDialog(null)}
        />
      ) : null}
    </section>
  );
}

function Payments({ data, t }: { data: Settlement; t: Translate }) {
  const pay = useRecordPayment(data.contract_id);
  const reverse = useReversePayment(data.contract_id);
  const excuse = useExcuseInstalment(data.contract_id);
  const [paying, setPaying] = useState<number | null>(null);
  const [excusing, setExcusing] = useState<number | null>(null);
  const [reversing, setReversing] = useState<string | null>(null);
  const may = (action: string) => data.allowed_actions.includes(action);
  const open = data.instalments.find((i) => i.number === paying);
  return (
    <section className="service-panel">
      <table className="service-table">
        <thead>
          <tr>
            <th>{t("期次", "Instalment")}</th>
            <th className="end">{t("应付", "Amount")}</th>
            <th>{t("付款期限", "Due")}</th>
            <th>{t("已付", "Paid")}</th>
            <th className="end">{t("未付", "Open")}</th>
            <th className="end">{t("逾期天数", "Days late")}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {data.instalments.map((i) => (
            <tr key={i.number}>
              <td>{t(`第${i.number}期`, `${i.number}`)}</td>
              <td className="end">{yuan(i.amount_cents)}</td>
              <td>{i.due ?? <span className="service-late">{t("日历未公布，无法计算", "calendar unknown")}</span>}</td>
              <td>
                {i.payments.map((p) => (
                  <div key={p.id} className={p.reversed ? "service-struck" : ""}>
                    <span className="tm-num">
                      {p.paid_on} {yuan(p.amount_cents)}
                    </span>{" "}
                    <span className="tm-muted">{p.note}</span>
                    {may("record_payment") && !p.reversed ? (
                      <Button type="link" size="small" onClick={() => setReversing(p.id)}>
                        {t("冲销", "Reverse")}
                      </Button>
                    ) : null}
                  </div>
                ))}
                {i.excuse_evidence ? (
                  <div className="tm-muted">{t(`免责：${i.excuse_evidence}`, `Excused: ${i.excuse_evidence}`)}</div>
                ) : null}
              </td>
              <td className="end">{yuan(i.open_cents)}</td>
              <td className={`end ${i.days_late > 0 ? "service-late" : ""}`}>{i.days_late}</td>
              <td>
                {may("record_payment") && i.open_cents > 0 ? (
                  <Button size="small" onClick={() => setPaying(i.number)}>
                    {t("登记付款", "Record")}
                  </Button>
                ) : null}{" "}
                {may("excuse") ? (
                  <Button size="small" onClick={() => setExcusing(i.number)}>
                    {t("免责依据", "Excuse")}
                  </Button>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p style={{ marginBottom: 0 }}>
        {t(
          `甲方逾期付款：违约金 ${yuan(data.late_payment.penalty_cents)} + 利息 ${yuan(data.late_payment.interest_cents)}，应付 ${yuan(data.late_payment.payable_cents)} 元`,
          `Late payment: ${yuan(data.late_payment.penalty_cents)} + interest ${yuan(data.late_payment.interest_cents)}, payable ${yuan(data.late_payment.payable_cents)}`,
        )}
        {data.late_payment.may_terminate ? (
          <b className="service-late">{t("；乙方有权解除合同", "; party B may end the contract")}</b>
        ) : null}
      </p>
      {paying ? (
        <StepDialog
          step={{
            name: "pay",
            label: t("登记付款", "Record a payment"),
            fields: [
              { name: "paid_on", label: t("付款日期", "Paid on"), kind: "date", required: true, initial: dayjs() },
              {
                name: "amount_cents",
                label: t(`金额（未付 ${yuan(open?.open_cents)}）`, `Amount (open ${yuan(open?.open_cents)})`),
                kind: "yuan",
                required: true,
                initial: open ? (open.open_cents / 100).toFixed(2) : undefined,
              },
              { name: "note", label: t("备注", "Note"), kind: "text" },
            ],
          }}
          take={({ paid_on, amount_cents, note }) =>
            pay.mutateAsync({
              instalment: paying,
              paid_on: String(paid_on),
              amount_cents: Number(amount_cents),
              note: (note as string | undefined) ?? null,
            })
          }
          close={() => setPaying(null)}
        />
      ) : null}
      {excusing ? (
        <StepDialog
          step={{
            name: "excuse",
            label: t("免责依据（7.3）", "Why lateness costs nothing (7.3)"),
            fields: [
              {
                name: "excuse",
                label: t("情形（留空为撤销）", "Ground (empty takes it back)"),
                kind: "select",
                options: [
                  { value: "fiscal_appropriation", label: t("财政拨款原因", "Fiscal appropriation") },
                  { value: "other_party", label: t("乙方原因", "Party B's doing") },
                  { value: "force_majeure", label: t("不可抗力", "Force majeure") },
                ],
              },
              { name: "evidence", label: t("凭证（文号、日期）", "Evidence"), kind: "area", required: true },
            ],
          }}
          take={(body) =>
            excuse.mutateAsync({
              instalment: excusing,
              excuse: (body.excuse as string | undefined) ?? null,
              evidence: String(body.evidence),
            })
          }
          close={() => setExcusing(null)}
        />
      ) : null}
      <ReasonDialog
        open={reversing !== null}
        title={t("冲销付款", "Reverse a payment")}
        explain={t("原记录保留，以冲销分录抵消。", "The entry stays and is taken back by a counter-entry.")}
        okText={t("冲销", "Reverse")}
        danger
        onCancel={() => setReversing(null)}
        onConfirm={async (reason) => {
          await reverse.mutateAsync({ id: reversing ?? "", reason });
          setReversing(null);
        }}
      />
    </section>
  );
}
