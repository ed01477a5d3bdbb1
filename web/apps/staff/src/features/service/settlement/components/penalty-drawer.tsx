import type { PenaltyStep } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Descriptions, Drawer } from "antd";
import { Link } from "react-router";
import { DerivationView } from "../../components/derivation";
import { StateTag } from "../../components/state-tag";
import { StepButtons } from "../../components/step-buttons";
import { yuan } from "../../lib/money";
import { usePenalty } from "../api/use-penalty";
import { usePenaltyStep } from "../api/use-penalty-step";
import { LINE_WORDS, PENALTY_STATES, sourcePath } from "../lib/words";

/** A penalty: every line that it consists of, who accepted it, and what can be done. */
export function PenaltyDrawer({ id, close }: { id: string; close: () => void }) {
  const t = useT();
  const penalty = usePenalty(id);
  const step = usePenaltyStep(id);
  const data = penalty.data;
  const source = data ? sourcePath(data.source_kind, data.source_id) : null;
  return (
    <Drawer open onClose={close} size={620} title={data ? `${data.number} ${data.subject}` : t("违约金", "Penalty")}>
      {penalty.isError ? (
        <ErrorState error={penalty.error} onRetry={() => void penalty.refetch()} />
      ) : !data ? (
        <LoadingState rows={6} />
      ) : (
        <>
          <Descriptions
            size="small"
            column={2}
            items={[
              {
                key: "amount",
                label: t("金额", "Amount"),
                children: (
                  <b className="tm-num">{data.needs_choice ? t("待选择", "to be chosen") : yuan(data.amount_cents)}</b>
                ),
              },
              {
                key: "state",
                label: t("状态", "State"),
                children: <StateTag state={data.state} words={PENALTY_STATES} />,
              },
              { key: "when", label: t("发生时间", "When"), children: dateTime(data.occurred_at) },
              {
                key: "source",
                label: t("来源", "Source"),
                children: source ? <Link to={source}>{t("查看原记录", "The record")}</Link> : t("人工提出", "by hand"),
              },
              {
                key: "a",
                label: t("甲方确认", "Accepted by A"),
                children: data.accepted_a ? `${data.accepted_a.name} ${dateTime(data.accepted_a.at)}` : "—",
              },
              {
                key: "b",
                label: t("乙方确认", "Accepted by B"),
                children: data.accepted_b ? `${data.accepted_b.name} ${dateTime(data.accepted_b.at)}` : "—",
              },
            ]}
          />
          {data.dispute ? (
            <Alert
              type="warning"
              showIcon
              style={{ margin: "8px 0" }}
              title={t(`争议（${data.dispute.name} ${dateTime(data.dispute.at)}）`, `Disputed by ${data.dispute.name}`)}
              description={data.dispute.reason}
            />
          ) : null}
          <div style={{ display: "flex", gap: 8, margin: "12px 0" }}>
            <StepButtons
              allowed={data.allowed_actions}
              take={(body) => step.mutateAsync(body as PenaltyStep)}
              steps={[
                {
                  name: "accept",
                  label: t("确认金额", "Accept"),
                  primary: true,
                  explain: t(
                    `确认违约金 ${yuan(data.amount_cents)} 元；双方均确认后生效。`,
                    `Accept ${yuan(data.amount_cents)} yuan; it counts once both parties have.`,
                  ),
                  fixed: { amount_cents: data.amount_cents },
                },
                {
                  name: "dispute",
                  label: t("提出争议", "Dispute"),
                  fields: [{ name: "reason", label: t("理由", "Why"), kind: "area", required: true }],
                },
                {
                  name: "decide",
                  label: t("登记协商结果", "Decide"),
                  explain: t(
                    "原金额以冲销分录抵消，新金额须双方重新确认；0 为撤销。",
                    "The old amount is countered; both accept the new one anew; 0 withdraws.",
                  ),
                  fields: [
                    { name: "amount_cents", label: t("金额", "Amount"), kind: "yuan", required: true },
                    { name: "reason", label: t("依据", "Why"), kind: "area", required: true },
                  ],
                },
              ]}
            />
          </div>
          {data.lines.map((line) => (
            <section key={`${line.kind} ${line.made_at} ${line.amount_cents}`} className="service-panel">
              <div style={{ display: "flex", gap: 8 }}>
                <b>{t(...(LINE_WORDS[line.kind] ?? [line.kind, line.kind]))}</b>
                <span className="tm-muted">
                  {line.made_by_name} {dateTime(line.made_at)} ·{" "}
                  {t(`合同第${line.contract_version}版`, `contract v${line.contract_version}`)}
                </span>
                <b className="tm-num" style={{ marginInlineStart: "auto" }}>
                  {yuan(line.amount_cents)}
                </b>
              </div>
              {line.reason ? <div>{line.reason}</div> : null}
              {line.kind === "counter" ? null : <DerivationView of={line.derivation} />}
            </section>
          ))}
        </>
      )}
    </Drawer>
  );
}
