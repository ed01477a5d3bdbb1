import type { Grant, GrantStep } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { dateTime } from "@tianmu/ui/lib/time";
import { type Translate, useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Descriptions, Drawer } from "antd";
import { AttachmentList } from "../../attachments/attachment-list";
import { StateTag } from "../../components/state-tag";
import { type StepDefinition, StepButtons } from "../../components/step-buttons";
import { itemWord } from "../../lib/words";
import { useGrant } from "../api/use-grant";
import { useGrantStep } from "../api/use-grant-step";
import { GRANT_ACCESS, GRANT_STATES, PERSON_MARKS } from "../lib/words";

/** One grant: what was asked, decided and ended, and whether the access is gone. */
export function GrantDrawer({ id, close }: { id: string; close: () => void }) {
  const t = useT();
  const grant = useGrant(id);
  return (
    <Drawer open onClose={close} size={560} title={t("权限授予", "Access")}>
      {grant.isError && !grant.data ? (
        <ErrorState error={grant.error} onRetry={() => void grant.refetch()} />
      ) : !grant.data ? (
        <LoadingState rows={6} />
      ) : (
        <Body grant={grant.data} t={t} />
      )}
    </Drawer>
  );
}

function Body({ grant, t }: { grant: Grant; t: Translate }) {
  const step = useGrantStep(grant.id);
  const take = (body: Record<string, unknown>) => step.mutateAsync(body as GrantStep);
  const signed = (name: string | null, at: string | null) => (at ? `${name ?? ""} ${dateTime(at)}` : "—");
  return (
    <>
      {grant.removal_open ? (
        <Alert
          type="error"
          style={{ marginBottom: 12 }}
          title={t("权限已终止，须在目标系统中落实收回并确认", "It is over: remove it from the system and confirm")}
        />
      ) : null}
      {grant.warnings.length > 0 ? (
        <Alert
          type="warning"
          style={{ marginBottom: 12 }}
          title={grant.warnings.map((code) => t(...(PERSON_MARKS[code] ?? [code, code]))).join("、")}
        />
      ) : null}
      <Descriptions
        size="small"
        column={1}
        items={[
          { key: "number", label: t("编号", "Number"), children: <span className="tm-num">{grant.number}</span> },
          { key: "state", label: t("状态", "State"), children: <StateTag state={grant.state} words={GRANT_STATES} /> },
          { key: "person", label: t("人员", "Person"), children: grant.person_name },
          {
            key: "system",
            label: t("系统", "System"),
            children: `${grant.system_name}（${t(...itemWord(grant.item_code))}）`,
          },
          { key: "access", label: t("权限", "Access"), children: t(...(GRANT_ACCESS[grant.access] ?? ["", ""])) },
          { key: "reason", label: t("用途", "Reason"), children: grant.reason },
          {
            key: "time",
            label: t("期限", "Time"),
            children: (
              <span className="tm-num">
                {dateTime(grant.from)} — {dateTime(grant.until)}
              </span>
            ),
          },
          {
            key: "asked",
            label: t("申请", "Requested"),
            children: signed(grant.requested_by_name, grant.requested_at),
          },
          {
            key: "decided",
            label: t("审批", "Decided"),
            children: `${signed(grant.decided_by_name, grant.decided_at)} ${grant.decision_reason ?? ""}`,
          },
          {
            key: "ended",
            label: t("终止", "Ended"),
            children: grant.ended_at
              ? `${signed(grant.ended_by_name, grant.ended_at)} ${grant.end_reason ?? ""}`
              : grant.state === "expired"
                ? t("到期自动失效", "By itself")
                : "—",
          },
          {
            key: "removed",
            label: t("落实收回", "Carried out"),
            children: `${signed(grant.removed_by_name, grant.removed_at)} ${grant.removal_note ?? ""}`,
          },
        ]}
      />
      <div style={{ display: "flex", gap: 8, margin: "12px 0 16px", flexWrap: "wrap" }}>
        <StepButtons steps={definitions(t)} allowed={grant.allowed_actions} take={take} />
      </div>
      <h2 style={{ fontSize: 14 }}>{t("附件", "Files")}</h2>
      <AttachmentList target={{ kind: "duty_grant", id: grant.id }} mayAdd={grant.allowed_actions.length > 0} />
    </>
  );
}

function definitions(t: Translate): StepDefinition[] {
  const reason = { name: "reason", label: t("原因", "Reason"), kind: "area" as const, required: true };
  return [
    {
      name: "approve",
      label: t("批准", "Approve"),
      primary: true,
      explain: t("批准后按期限生效，到期自动失效。", "It is in force for its time and ends by itself."),
    },
    { name: "refuse", label: t("驳回", "Refuse"), danger: true, fields: [reason] },
    { name: "cancel", label: t("取消申请", "Cancel"), fields: [reason] },
    { name: "withdraw", label: t("收回权限", "Withdraw"), danger: true, fields: [reason] },
    {
      name: "return",
      label: t("归还权限", "Give back"),
      fields: [{ name: "reason", label: t("说明", "Note"), kind: "area" }],
    },
    {
      name: "confirm_removal",
      label: t("确认已落实收回", "Confirm it is gone"),
      primary: true,
      explain: t("账号或权限已在目标系统中删除或停用。", "The access is gone from the system itself."),
      fields: [
        { name: "at", label: t("落实时间（留空为现在）", "When (now when empty)"), kind: "moment" },
        { name: "note", label: t("如何落实", "How"), kind: "area", required: true },
      ],
    },
  ];
}
