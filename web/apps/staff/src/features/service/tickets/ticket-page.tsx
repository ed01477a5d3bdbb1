import type { ServiceEvent, ServiceTerms, Ticket, TicketStep } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { dateTime, dateTimeSeconds } from "@tianmu/ui/lib/time";
import { type Translate, useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Button, Descriptions, Rate, Tag } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { can } from "../../../app/permissions";
import { useMe } from "../../session/session-context";
import { useTerms } from "../api/use-terms";
import { AttachmentList } from "../attachments/attachment-list";
import { ClockList } from "../components/clock-list";
import { DerivationView } from "../components/derivation";
import { Journal } from "../components/journal";
import { StateTag } from "../components/state-tag";
import { type StepDefinition, StepButtons, StepDialog } from "../components/step-buttons";
import { yuan } from "../lib/money";
import { ITEM_WORDS, itemWord } from "../lib/words";
import { IntakeDrawer } from "../intake/components/intake-drawer";
import { senderText } from "../intake/lib/words";
import { ArticleSelect } from "../knowledge/components/article-select";
import { Suggestions } from "../knowledge/components/suggestions";
import { PersonSelect } from "../people/person-select";
import { useTicket } from "./api/use-ticket";
import { useTicketStep } from "./api/use-ticket-step";
import { TicketSelect } from "./components/ticket-select";
import { CHANNEL_WORDS, CLASS_WORDS, eventText, PAUSE_WORDS, PRIORITY_WORDS, STATE_WORDS } from "./lib/words";

export function Page() {
  const t = useT();
  const { id = "" } = useParams();
  const ticket = useTicket(id);
  if (ticket.isError && !ticket.data) return <ErrorState error={ticket.error} onRetry={() => void ticket.refetch()} />;
  if (!ticket.data) return <LoadingState rows={10} />;
  return <Body ticket={ticket.data} key={id} t={t} />;
}

function Body({ ticket, t }: { ticket: Ticket; t: Translate }) {
  const me = useMe();
  const step = useTicketStep(ticket.id);
  const take = (body: Record<string, unknown>) => step.mutateAsync(body as TicketStep);
  const [correcting, setCorrecting] = useState<ServiceEvent | null>(null);
  const [reading, setReading] = useState<string | null>(null);
  const mine = ticket.assignee_id === me.account_id;
  const terms = useTerms(ticket.organisation_id).data;
  return (
    <>
      <PageHeader
        title={ticket.title}
        note={
          <>
            <span className="tm-num">{ticket.number}</span>　<StateTag state={ticket.state} words={STATE_WORDS} />
            {ticket.out_of_scope ? <Tag color="gold">{t("合同外", "Out of scope")}</Tag> : null}
          </>
        }
        actions={
          <>
            <StepButtons
              steps={definitions(ticket, { mine, account: me.account_id, manages: can(me, "manageTickets") }, terms, t)}
              allowed={ticket.allowed_actions}
              take={take}
            />
            {can(me, "declareIncidents") && ticket.state !== "cancelled" ? (
              <Link to={`/service/incidents?ticket=${ticket.id}`}>
                <Button danger>{t("登记为安全事件", "Declare an incident")}</Button>
              </Link>
            ) : null}
          </>
        }
      />
      {ticket.blocked ? (
        <Alert
          type="error"
          showIcon
          style={{ marginBottom: 12 }}
          title={t(
            "当年节假日安排尚未导入，时限无法计算。",
            "The holidays of that year are not known: no limit can be computed.",
          )}
        />
      ) : null}
      {ticket.proposed_due_at ? (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 12 }}
          title={t(
            `${ticket.proposed_by === "provider" ? "服务商" : "机构"}提出处理期限 ${dateTime(ticket.proposed_due_at)}，待对方答复；双方同意后才生效。`,
            `The ${ticket.proposed_by} proposes ${dateTime(ticket.proposed_due_at)}; it counts once the other side accepts.`,
          )}
        />
      ) : null}
      {ticket.approval ? (
        <Alert
          type="info"
          showIcon
          style={{ marginBottom: 12 }}
          title={t(
            "须先经卫健局信息科审批数据修改申请单，才能解决本工单。",
            "An approved data correction must come first.",
          )}
          description={<DerivationView of={ticket.approval} />}
          action={
            ticket.allowed_actions.includes("note") ? (
              <Link to={`/service/corrections?new=${ticket.id}`}>{t("填写申请单", "Fill in the form")}</Link>
            ) : null
          }
        />
      ) : null}
      <div className="service-columns">
        <div>
          <section className="service-panel">
            <Descriptions
              size="small"
              column={2}
              items={[
                { key: "org", label: t("机构", "Institution"), children: ticket.organisation_name },
                { key: "item", label: t("系统", "System"), children: t(...itemWord(ticket.item_code)) },
                { key: "class", label: t("类别", "Class"), children: t(...CLASS_WORDS[ticket.class]) },
                {
                  key: "priority",
                  label: t("影响", "Impact"),
                  children: t(...(PRIORITY_WORDS[ticket.priority] ?? ["", ""])),
                },
                {
                  key: "caller",
                  label: t("报障人", "Caller"),
                  children: [ticket.caller_name, ticket.caller_phone].filter(Boolean).join(" ") || "—",
                },
                { key: "channel", label: t("渠道", "Channel"), children: t(...CHANNEL_WORDS[ticket.channel]) },
                {
                  key: "opened",
                  label: t("报障时间", "Opened"),
                  children: <span className="tm-num">{dateTimeSeconds(ticket.opened_at)}</span>,
                },
                {
                  key: "recorded",
                  label: t("录入", "Entered"),
                  children: `${ticket.opened_by_name} ${dateTime(ticket.recorded_at)}`,
                },
                {
                  key: "assignee",
                  label: t("处理人", "Engineer"),
                  children: ticket.assignee_name ?? t("未指派", "Nobody"),
                },
                {
                  key: "contract",
                  label: t("计算依据", "Computed with"),
                  children: t(
                    `合同 ${ticket.contract_code} 第${ticket.contract_version}版 · 日历 ${ticket.calendar_version}`,
                    `${ticket.contract_code} v${ticket.contract_version} · ${ticket.calendar_version}`,
                  ),
                },
              ]}
            />
            {ticket.description ? (
              <p className="tm-pre" style={{ marginBottom: 0 }}>
                {ticket.description}
              </p>
            ) : null}
          </section>
          {ticket.solution ? (
            <section className="service-panel">
              <h2>{t("解决情况", "Solution")}</h2>
              <p className="tm-pre" style={{ margin: 0 }}>
                {ticket.solution}
              </p>
              {ticket.cause ? (
                <div className="tm-muted">{t(`原因：${ticket.cause}`, `Cause: ${ticket.cause}`)}</div>
              ) : null}
              {can(me, "editKnowledge") ? (
                <div>
                  <Link to={`/service/knowledge?from=${ticket.id}`}>
                    {t("写入知识库", "Write it down as an article")}
                  </Link>
                </div>
              ) : null}
              {ticket.rating ? (
                <div>
                  <Rate disabled value={ticket.rating} /> {ticket.rating_comment}
                </div>
              ) : null}
            </section>
          ) : null}
          {ticket.parts.length > 0 ? (
            <section className="service-panel">
              <h2>
                {t(
                  `配件（计费合计 ${yuan(ticket.billable_cents)} 元）`,
                  `Parts (billed ${yuan(ticket.billable_cents)} yuan)`,
                )}
              </h2>
              <table className="service-table">
                <tbody>
                  {ticket.parts.map((part) => (
                    <tr key={part.event_id}>
                      <td>{part.name}</td>
                      <td className="end">× {part.quantity}</td>
                      <td className="end">{yuan(part.unit_price_cents)}</td>
                      <td>{part.billable ? t("计费", "billed") : t("免费", "free")}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          ) : null}
          {ticket.children.length > 0 ? (
            <section className="service-panel">
              <h2>
                {t(`同一故障的工单（${ticket.children.length}）`, `Tickets of this outage (${ticket.children.length})`)}
              </h2>
              {ticket.children.map((child) => (
                <div key={child.id}>
                  <Link to={`/service/tickets/${child.id}`} className="tm-num">
                    {child.number}
                  </Link>{" "}
                  {child.organisation_name} <StateTag state={child.state} words={STATE_WORDS} />
                </div>
              ))}
            </section>
          ) : null}
          {ticket.parent_id ? (
            <section className="service-panel">
              <Link to={`/service/tickets/${ticket.parent_id}`}>
                {t("查看所属大面积故障", "The outage it belongs to")}
              </Link>
            </section>
          ) : null}
          {ticket.intake.length > 0 ? (
            <section className="service-panel">
              <h2>{t("来件", "Letters and alerts")}</h2>
              {ticket.intake.map((one) => (
                <div key={one.id}>
                  <Button type="link" size="small" style={{ paddingInline: 0 }} onClick={() => setReading(one.id)}>
                    {one.subject || t("（无主题）", "(no subject)")}
                  </Button>{" "}
                  <span className="tm-muted">
                    {senderText(one)} <span className="tm-num">{dateTime(one.at)}</span>
                  </span>{" "}
                  {one.ended_at ? <Tag color="green">{t("已恢复", "over")}</Tag> : null}
                </div>
              ))}
            </section>
          ) : null}
          <section className="service-panel">
            <h2>{t("附件", "Files")}</h2>
            <AttachmentList
              target={{ kind: "ticket", id: ticket.id }}
              mayAdd={ticket.allowed_actions.includes("note") && ticket.state !== "cancelled"}
            />
          </section>
        </div>
        <div>
          {["open", "working", "paused"].includes(ticket.state) ? (
            <Suggestions
              text={ticket.title}
              item={ticket.item_code}
              title={t("知识库里可能的办法", "The knowledge base may help")}
            />
          ) : null}
          <section className="service-panel">
            <h2>{t("时限", "Limits")}</h2>
            <ClockList clocks={ticket.clocks} />
            {ticket.class !== "question" && !ticket.agreed_due_at && ticket.state !== "cancelled" ? (
              <p className="tm-muted" style={{ marginBottom: 0 }}>
                {t(
                  "尚未约定处理期限；合同要求与机构管理员约定。",
                  "No deadline has been agreed yet; the contract asks for one.",
                )}
              </p>
            ) : null}
          </section>
          <section className="service-panel">
            <h2>{t("过程", "What happened")}</h2>
            <Journal
              entries={ticket.journal}
              describe={(what) => eventText(what, t)}
              onCorrect={ticket.allowed_actions.includes("correct") ? setCorrecting : undefined}
            />
          </section>
        </div>
      </div>
      {reading ? <IntakeDrawer id={reading} close={() => setReading(null)} /> : null}
      {correcting ? (
        <StepDialog
          step={{
            name: "correct",
            label: t("更正记录", "Correct an entry"),
            explain: t(
              "填写真实发生的时间；留空表示此事没有发生。原记录保留，时限重新计算并显示差异。",
              "When it really happened; empty when it never did. The entry stays, the limits are computed anew.",
            ),
            fields: [
              { name: "at", label: t("真实时间", "When it happened"), kind: "moment" },
              { name: "reason", label: t("原因", "Reason"), kind: "area", required: true },
            ],
            fixed: { event_id: correcting.id },
          }}
          take={take}
          close={() => setCorrecting(null)}
        />
      ) : null}
    </>
  );
}

interface Caller {
  /** The ticket is assigned to them. */
  mine: boolean;
  account: string;
  manages: boolean;
}

function definitions(
  ticket: Ticket,
  { mine, account, manages }: Caller,
  terms: ServiceTerms | undefined,
  t: Translate,
): StepDefinition[] {
  const item = terms?.items.find((known) => known.code === ticket.item_code);
  const billed = item?.parts === "billable" || ticket.out_of_scope;
  const when = { name: "at", label: t("时间（留空为现在）", "When (now when empty)"), kind: "moment" as const };
  const reason = { name: "reason", label: t("原因", "Reason"), kind: "area" as const, required: true };
  return [
    {
      name: "respond",
      label: t("响应", "Respond"),
      primary: true,
      fields: [{ name: "note", label: t("答复内容", "What was said"), kind: "area" }, when],
    },
    ...(mine ? [] : [{ name: "assign", label: t("我来处理", "Take it"), fixed: { account_id: account } }]),
    ...(manages
      ? [
          {
            name: "assign",
            label: t("指派", "Assign"),
            fields: [
              {
                name: "account_id",
                label: t("处理人", "Engineer"),
                kind: "own" as const,
                required: true,
                control: <PersonSelect />,
              },
            ],
          },
        ]
      : []),
    {
      name: "resolve",
      label: t("解决", "Resolve"),
      primary: ticket.state === "working",
      fields: [
        { name: "solution", label: t("如何解决", "Solution"), kind: "area", required: true },
        { name: "cause", label: t("原因", "Cause"), kind: "text" },
        {
          name: "article_id",
          label: t("依据的知识条目", "Article that was followed"),
          kind: "own",
          control: <ArticleSelect about={ticket.title} item={ticket.item_code} />,
        },
        when,
      ],
    },
    { name: "accept_deadline", label: t("同意期限", "Accept deadline"), primary: true },
    { name: "decline_deadline", label: t("不同意期限", "Decline deadline"), fields: [reason] },
    {
      name: "propose_deadline",
      label: t("提出期限", "Propose deadline"),
      explain: t(
        "超过30分钟的工作须与机构管理员约定期限，对方同意后生效。",
        "What takes longer needs a deadline that both sides agree on.",
      ),
      fields: [{ name: "due_at", label: t("完成时间", "Until"), kind: "moment", required: true }],
    },
    {
      name: "pause",
      label: t("暂停计时", "Pause"),
      explain: t("合同只允许以下原因；响应时限不暂停。", "The contract knows these reasons only."),
      fields: [
        {
          name: "pause",
          label: t("原因", "Reason"),
          kind: "select",
          required: true,
          options: (terms?.pause_reasons ?? []).map((value) => ({
            value,
            label: t(...(PAUSE_WORDS[value] ?? [value, value])),
          })),
        },
        { name: "note", label: t("说明", "Particulars"), kind: "area", required: true },
        when,
      ],
    },
    { name: "resume", label: t("恢复计时", "Resume"), primary: true },
    { name: "close", label: t("确认解决", "Confirm"), primary: true },
    {
      name: "rate",
      label: t("评价", "Rate"),
      fields: [
        { name: "stars", label: t("满意度", "Satisfaction"), kind: "stars", required: true },
        { name: "comment", label: t("意见", "Comment"), kind: "area" },
      ],
    },
    { name: "reopen", label: t("未解决，重新打开", "Reopen"), fields: [reason] },
    {
      name: "classify",
      label: t("分类", "Classify"),
      fields: [
        {
          name: "class",
          label: t("类别", "Class"),
          kind: "select",
          required: true,
          initial: ticket.class,
          options: Object.entries(CLASS_WORDS).map(([value, words]) => ({ value, label: t(...words) })),
        },
        {
          name: "priority",
          label: t("影响程度（1–4）", "Impact (1–4)"),
          kind: "integer",
          required: true,
          initial: ticket.priority,
        },
        {
          name: "item_code",
          label: t("系统", "System"),
          kind: "select",
          initial: ticket.item_code ?? undefined,
          options: (terms?.items ?? []).map((known) => ({
            value: known.code,
            label: t(...(ITEM_WORDS[known.code] ?? [known.name_zh, known.name_en])),
          })),
        },
      ],
      fixed: { touches: ticket.touches },
    },
    {
      name: "use_part",
      seldom: true,
      label: t("用配件", "Use a part"),
      explain: t(
        "云平台配件免费，视频硬件配件计费。",
        "Parts are free for the cloud platform and billed for video hardware.",
      ),
      fields: [
        { name: "name", label: t("配件", "Part"), kind: "text", required: true },
        { name: "quantity", label: t("数量", "Quantity"), kind: "integer", required: true, initial: 1 },
        { name: "unit_price_cents", label: t("单价", "Unit price"), kind: "yuan", required: true },
        {
          name: "billable",
          label: t("向甲方计费", "Billed to party A"),
          kind: "switch",
          initial: billed,
          help: item
            ? billed
              ? t(`${item.name_zh}：默认计费`, `${item.name_en}: billed unless said otherwise`)
              : t(`${item.name_zh}：默认免费`, `${item.name_en}: free unless said otherwise`)
            : t("请先在分类中选择系统", "Choose the system first"),
        },
        {
          name: "reason",
          label: t("与默认不同的原因", "Why, where it differs"),
          kind: "text",
        },
      ],
    },
    {
      name: "dispatch",
      seldom: true,
      label: t("派现场", "Dispatch"),
      fields: [
        { name: "place", label: t("地点", "Where"), kind: "text", required: true, initial: ticket.organisation_name },
        { name: "planned_at", label: t("计划到达", "Planned"), kind: "moment" },
      ],
    },
    { name: "arrive", label: t("到达现场", "Arrived"), seldom: true, fields: [when] },
    { name: "leave", label: t("离开现场", "Left"), seldom: true, fields: [when] },
    {
      name: "note",
      label: t("备注", "Note"),
      fields: [{ name: "text", label: t("内容", "Text"), kind: "area", required: true }],
    },
    {
      name: "set_scope",
      seldom: true,
      label: ticket.out_of_scope ? t("改为合同内", "In scope") : t("合同外", "Out of scope"),
      fields: [reason],
      fixed: { out_of_scope: !ticket.out_of_scope },
    },
    {
      name: "join",
      seldom: true,
      label: t("并入大面积故障", "Join an outage"),
      explain: t(
        "本工单成为所选工单的一部分，随它一起解决；各自的时限照旧计算。",
        "This ticket becomes part of the chosen one and is solved with it; its own limits go on counting.",
      ),
      fields: [
        {
          name: "parent_id",
          label: t("所属故障的工单", "Ticket of the outage"),
          kind: "own",
          required: true,
          control: <TicketSelect except={ticket.id} />,
        },
      ],
    },
    { name: "cancel", label: t("取消工单", "Cancel the ticket"), danger: true, seldom: true, fields: [reason] },
  ];
}
