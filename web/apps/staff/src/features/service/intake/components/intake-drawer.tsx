import type { Intake, IntakeStep } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { dateTimeSeconds } from "@tianmu/ui/lib/time";
import { type Translate, useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Button, Descriptions, Drawer, Tag } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { AttachmentList } from "../../attachments/attachment-list";
import { StateTag } from "../../components/state-tag";
import { StepButtons } from "../../components/step-buttons";
import { NewTicket } from "../../tickets/components/new-ticket";
import { TicketSelect } from "../../tickets/components/ticket-select";
import { CHANNEL_WORDS } from "../../tickets/lib/words";
import { useIntake } from "../api/use-intake";
import { useIntakeStep } from "../api/use-intake-step";
import { reasonText, STATE_WORDS, senderText } from "../lib/words";

/** One letter or alert, and what becomes of it. */
export function IntakeDrawer({ id, close }: { id: string; close: () => void }) {
  const t = useT();
  const found = useIntake(id);
  return (
    <Drawer open onClose={close} size={680} title={found.data?.subject || t("来件", "Letter or alert")}>
      {found.isError && !found.data ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : !found.data ? (
        <LoadingState rows={6} />
      ) : (
        <Body found={found.data} t={t} />
      )}
    </Drawer>
  );
}

function Body({ found, t }: { found: Intake; t: Translate }) {
  const navigate = useNavigate();
  const step = useIntakeStep(found.id);
  const [opening, setOpening] = useState(false);
  return (
    <>
      <Descriptions
        size="small"
        column={2}
        items={[
          {
            key: "channel",
            label: t("渠道", "Channel"),
            children: t(...CHANNEL_WORDS[found.channel]),
          },
          {
            key: "state",
            label: t("状态", "State"),
            children: (
              <>
                <StateTag state={found.state} words={STATE_WORDS} />
                {found.ticket_id ? (
                  <Link to={`/service/tickets/${found.ticket_id}`} className="tm-num">
                    {found.ticket_number}
                  </Link>
                ) : null}
              </>
            ),
          },
          {
            key: "from",
            label: found.channel === "mail" ? t("来信人", "From") : t("来源", "Source"),
            span: 2,
            children: (
              <>
                {senderText(found) || "—"}{" "}
                {found.channel === "mail" ? (
                  found.sender_known ? (
                    <Tag color="green">{t("已验证的地址", "Confirmed address")}</Tag>
                  ) : (
                    <Tag color="gold">{t("地址未经验证", "Address not confirmed")}</Tag>
                  )
                ) : null}
              </>
            ),
          },
          { key: "organisation", label: t("机构", "Institution"), children: found.organisation_name ?? "—" },
          {
            key: "at",
            label: found.channel === "mail" ? t("邮件到达", "Arrived") : t("告警开始", "Began"),
            children: <span className="tm-num">{dateTimeSeconds(found.at)}</span>,
          },
          ...(found.ended_at
            ? [
                {
                  key: "ended",
                  label: t("告警恢复", "Ended"),
                  children: <span className="tm-num">{dateTimeSeconds(found.ended_at)}</span>,
                },
              ]
            : []),
          ...(found.decided_by_name
            ? [
                {
                  key: "decided",
                  label: t("处理", "Decided"),
                  children: `${found.decided_by_name} ${dateTimeSeconds(found.decided_at)}`,
                },
              ]
            : []),
        ]}
      />
      {found.reason ? (
        <Alert
          type={found.state === "waiting" ? "warning" : "info"}
          showIcon
          style={{ marginBottom: 12 }}
          title={
            found.state === "waiting"
              ? t(`没有自动开工单：${reasonText(found.reason)[0]}`, `Not opened: ${reasonText(found.reason)[1]}`)
              : t(...reasonText(found.reason))
          }
        />
      ) : null}
      <div style={{ display: "flex", gap: 8, margin: "12px 0", flexWrap: "wrap" }}>
        {found.allowed_actions.includes("open") ? (
          <Button type="primary" onClick={() => setOpening(true)}>
            {t("登记为工单", "Open a ticket")}
          </Button>
        ) : null}
        <StepButtons
          allowed={found.allowed_actions}
          take={(body) => step.mutateAsync(body as IntakeStep)}
          steps={[
            {
              name: "join",
              label: t("并入已有工单", "Put to a ticket"),
              explain: t("内容记入所选工单的过程。", "It is written into the ticket's journal."),
              fields: [
                {
                  name: "ticket_id",
                  label: t("工单", "Ticket"),
                  kind: "own",
                  required: true,
                  control: <TicketSelect except="" />,
                },
              ],
            },
            {
              name: "dismiss",
              label: t("忽略", "Dismiss"),
              danger: true,
              fields: [{ name: "reason", label: t("原因", "Reason"), kind: "area", required: true }],
            },
            { name: "restore", label: t("恢复为待登记", "Take it back") },
          ]}
        />
      </div>
      <section className="service-panel">
        <p className="tm-pre" style={{ margin: 0, overflowWrap: "anywhere" }}>
          {found.body || t("（没有正文）", "(no text)")}
        </p>
      </section>
      {found.channel === "mail" ? (
        <section className="service-panel">
          <h2>{t("附件", "Files")}</h2>
          <AttachmentList target={{ kind: "intake", id: found.id }} mayAdd={false} />
          {found.left_out.length > 0 ? (
            <p className="tm-muted" style={{ marginBottom: 0 }}>
              {found.left_out.includes("*")
                ? t("邮件过大，正文与附件请在邮箱中查看。", "The letter is too large: read it in the mailbox.")
                : t(
                    `未收下（过大或类型不允许）：${found.left_out.join("、")}`,
                    `Left out (too large or of no permitted kind): ${found.left_out.join(", ")}`,
                  )}
            </p>
          ) : null}
        </section>
      ) : null}
      {opening ? (
        <NewTicket intake={found} close={() => setOpening(false)} opened={(id) => navigate(`/service/tickets/${id}`)} />
      ) : null}
    </>
  );
}
