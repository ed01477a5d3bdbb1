import { FilePdfOutlined } from "@ant-design/icons";
import type { Attachment, Requirement, RequirementStep, ServiceEvent } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { dateTime } from "@tianmu/ui/lib/time";
import { type Translate, useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Button, Descriptions, Tag } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { useAttachments } from "../attachments/api/use-attachments";
import { AttachmentList } from "../attachments/attachment-list";
import { fileUrl } from "../attachments/lib/files";
import { ClockList } from "../components/clock-list";
import { DerivationView } from "../components/derivation";
import { Journal } from "../components/journal";
import { StateTag } from "../components/state-tag";
import { type StepDefinition, StepButtons, StepDialog } from "../components/step-buttons";
import { yuan } from "../lib/money";
import { itemWord } from "../lib/words";
import { useRequirement } from "./api/use-requirement";
import { useRequirementStep } from "./api/use-requirement-step";
import { COMPLAINT_WORDS, eventText, KIND_WORDS, STATE_WORDS } from "./lib/words";

export function Page() {
  const t = useT();
  const { id = "" } = useParams();
  const requirement = useRequirement(id);
  if (requirement.isError && !requirement.data)
    return <ErrorState error={requirement.error} onRetry={() => void requirement.refetch()} />;
  if (!requirement.data) return <LoadingState rows={10} />;
  return <Body requirement={requirement.data} key={id} t={t} />;
}

function Body({ requirement, t }: { requirement: Requirement; t: Translate }) {
  const step = useRequirementStep(requirement.id);
  const files = (useAttachments({ kind: "requirement", id: requirement.id }).data ?? []).filter((f) => !f.voided_at);
  const take = ({ missed, ...body }: Record<string, unknown>) => {
    const [milestone, due] = typeof missed === "string" ? missed.split(" ") : [];
    return step.mutateAsync({ ...body, ...(milestone ? { milestone, due } : {}) } as RequirementStep);
  };
  const [correcting, setCorrecting] = useState<ServiceEvent | null>(null);
  const party = (side: string | null) => (side === "a" ? t("甲方", "Party A") : t("乙方", "Party B"));
  return (
    <>
      <PageHeader
        title={requirement.title}
        note={
          <>
            <span className="tm-num">{requirement.number}</span>　
            <StateTag state={requirement.state} words={STATE_WORDS} />
            <Tag color={requirement.kind_confirmed ? "blue" : undefined}>
              {t(...(KIND_WORDS[requirement.kind] ?? ["", ""]))}
              {requirement.kind_confirmed ? "" : t("，双方未确认", ", not confirmed")}
            </Tag>
          </>
        }
        actions={
          <>
            <a href={`/api/v1/service/requirements/${requirement.id}/pdf`} target="_blank" rel="noreferrer">
              <Button icon={<FilePdfOutlined />}>{t("需求表 PDF", "Form PDF")}</Button>
            </a>
            <StepButtons steps={definitions(requirement, files, t)} allowed={requirement.allowed_actions} take={take} />
          </>
        }
      />
      {requirement.kind_proposed ? (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 12 }}
          title={t(
            `${party(requirement.kind_proposed_by)}提出分类为${t(...(KIND_WORDS[requirement.kind_proposed] ?? ["", ""]))}，待对方确认。`,
            `${party(requirement.kind_proposed_by)} proposes ${requirement.kind_proposed}; the other party has to confirm.`,
          )}
        />
      ) : null}
      <div className="service-columns">
        <div>
          <section className="service-panel">
            <Descriptions
              size="small"
              column={2}
              items={[
                { key: "org", label: t("机构", "Institution"), children: requirement.organisation_name },
                { key: "item", label: t("系统", "System"), children: t(...itemWord(requirement.item_code)) },
                { key: "who", label: t("提出人", "Wanted by"), children: requirement.requester_name ?? "—" },
                { key: "received", label: t("接收时间", "Received"), children: dateTime(requirement.received_at) },
              ]}
            />
            <p className="tm-pre" style={{ marginBottom: 0 }}>
              {requirement.description}
            </p>
          </section>
          {requirement.answer ? (
            <section className="service-panel">
              <h2>{t("反馈", "Feedback")}</h2>
              <Descriptions
                size="small"
                column={3}
                items={[
                  {
                    key: "feasible",
                    label: t("可行性", "Feasible"),
                    children: requirement.feasible ? t("可行", "yes") : t("不可行", "no"),
                  },
                  { key: "finish", label: t("预计完成", "Expected"), children: requirement.expected_finish ?? "—" },
                  {
                    key: "cost",
                    label: t("额外费用", "Extra cost"),
                    children: requirement.extra_cost_cents ? yuan(requirement.extra_cost_cents) : t("无", "none"),
                  },
                ]}
              />
              <p className="tm-pre" style={{ marginBottom: 0 }}>
                {requirement.answer}
              </p>
            </section>
          ) : null}
          <section className="service-panel">
            <h2>{t("节点与约定日期", "Milestones and agreed dates")}</h2>
            {requirement.milestones.length === 0 ? (
              <p className="tm-muted" style={{ margin: 0 }}>
                {t("尚无约定日期。一方提出、另一方同意后才计算逾期。", "No date yet. It counts once both have agreed.")}
              </p>
            ) : (
              <table className="service-table">
                <thead>
                  <tr>
                    <th>{t("节点", "Milestone")}</th>
                    <th>{t("约定日期", "Dates")}</th>
                    <th>{t("完成", "Reached")}</th>
                    <th />
                  </tr>
                </thead>
                <tbody>
                  {requirement.milestones.map((m) => (
                    <tr key={m.id}>
                      <td>{m.name}</td>
                      <td>
                        {m.dates.map((d) => (
                          <div key={d.agreed_at} className={d.replaced_at ? "service-struck" : ""}>
                            <span className="tm-num">{d.due}</span>{" "}
                            {d.missed ? <Tag color="red">{t("未按期", "missed")}</Tag> : null}
                          </div>
                        ))}
                        {m.proposed_due ? (
                          <div className="service-soon">
                            {t(
                              `${party(m.proposed_by)}提出 ${m.proposed_due}，待对方同意`,
                              `${party(m.proposed_by)} proposes ${m.proposed_due}`,
                            )}
                          </div>
                        ) : null}
                      </td>
                      <td className="tm-num">{dateTime(m.reached_at)}</td>
                      <td>
                        {m.complaints.map((c) => (
                          <Aggravation
                            key={`${c.to} ${c.due} ${c.evidence}`}
                            what={t(
                              `投诉至${t(...(COMPLAINT_WORDS[c.to] ?? ["", ""]))}`,
                              `Complaint: ${t(...(COMPLAINT_WORDS[c.to] ?? ["", ""]))}`,
                            )}
                            of={c}
                          />
                        ))}
                        {m.business_affected.map((a) => (
                          <Aggravation
                            key={`${a.due} ${a.evidence}`}
                            what={t("影响业务", "Business affected")}
                            of={a}
                          />
                        ))}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </section>
          {requirement.fines.length > 0 ? (
            <section className="service-panel">
              <h2>
                {t(`违约金 ${yuan(requirement.penalty_cents)} 元`, `Fines ${yuan(requirement.penalty_cents)} yuan`)}
              </h2>
              {requirement.fines.map((fine) => (
                <div key={fine.part} style={{ borderTop: "1px solid #eef1f4", padding: "8px 0" }}>
                  <b className="tm-num">{yuan(fine.amount_cents)}</b>{" "}
                  {fine.penalty_id ? (
                    <Link to={`/service/settlement?penalty=${fine.penalty_id}`}>{t("查看违约金", "The penalty")}</Link>
                  ) : null}
                  <DerivationView of={fine.derivation} />
                </div>
              ))}
            </section>
          ) : null}
          <section className="service-panel">
            <h2>{t("附件", "Files")}</h2>
            <AttachmentList
              target={{ kind: "requirement", id: requirement.id }}
              mayAdd={requirement.allowed_actions.includes("note")}
            />
          </section>
        </div>
        <div>
          <section className="service-panel">
            <h2>{t("时限", "Limits")}</h2>
            <ClockList clocks={requirement.clocks} />
          </section>
          <section className="service-panel">
            <h2>{t("过程", "What happened")}</h2>
            <Journal
              entries={requirement.journal}
              describe={(what) => eventText(what, t)}
              onCorrect={requirement.allowed_actions.includes("correct") ? setCorrecting : undefined}
            />
          </section>
        </div>
      </div>
      {correcting ? (
        <StepDialog
          step={{
            name: "correct",
            label: t("更正记录", "Correct an entry"),
            fields: [
              {
                name: "at",
                label: t("真实时间（留空表示没有发生）", "When it really happened (empty: never)"),
                kind: "moment",
              },
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

/** What raises the fine of a missed date, with what shows it. */
function Aggravation({
  what,
  of,
}: {
  what: string;
  of: { due: string | null; evidence: string; attachment_id: string | null };
}) {
  const t = useT();
  return (
    <div>
      {of.due ? <span className="tm-num">{of.due} </span> : null}
      {what}：{of.evidence}{" "}
      {of.attachment_id ? (
        <a href={fileUrl(of.attachment_id)} target="_blank" rel="noreferrer">
          {t("凭证", "Evidence")}
        </a>
      ) : null}
    </div>
  );
}

function definitions(requirement: Requirement, files: Attachment[], t: Translate): StepDefinition[] {
  const when = { name: "at", label: t("时间（留空为现在）", "When (now when empty)"), kind: "moment" as const };
  const reason = { name: "reason", label: t("原因", "Reason"), kind: "area" as const, required: true };
  const choice = (keep: (m: Requirement["milestones"][number]) => boolean) => {
    const options = requirement.milestones.filter(keep).map((m) => ({ value: m.id, label: m.name }));
    return {
      name: "milestone",
      label: t("节点", "Milestone"),
      kind: "select" as const,
      required: true,
      options,
      initial: options[0]?.value,
    };
  };
  // A complaint is about one missed date; the latest is offered first.
  const missedDates = requirement.milestones
    .flatMap((m) =>
      m.dates.filter((d) => d.missed).map((d) => ({ value: `${m.id} ${d.due}`, label: `${m.name} ${d.due}` })),
    )
    .reverse();
  const missed = {
    name: "missed",
    label: t("未按期的日期", "Missed date"),
    kind: "select" as const,
    required: true,
    options: missedDates,
    initial: missedDates[0]?.value,
  };
  const evidenceFile = {
    name: "attachment_id",
    label: t("凭证文件（先在附件中上传）", "File that shows it (upload it under Files first)"),
    kind: "select" as const,
    options: files.map((file) => ({ value: file.id, label: file.name })),
  };
  return [
    {
      name: "answer",
      label: t("反馈", "Answer"),
      primary: requirement.state === "registered",
      fields: [
        { name: "feasible", label: t("可行", "Feasible"), kind: "switch", initial: true },
        { name: "expected_finish", label: t("预计完成日期", "Expected finish"), kind: "date" },
        {
          name: "extra_cost_cents",
          label: t("额外费用（没有填0）", "Extra cost (0 for none)"),
          kind: "yuan",
          required: true,
          initial: "0",
        },
        { name: "answer", label: t("意见", "Opinion"), kind: "area", required: true },
        when,
      ],
    },
    { name: "confirm_kind", label: t("确认分类", "Confirm kind"), primary: true },
    {
      name: "accept_date",
      label: t("同意日期", "Accept date"),
      primary: true,
      fields: [choice((m) => m.proposed_due !== null)],
    },
    {
      name: "decline_date",
      label: t("不同意日期", "Decline date"),
      fields: [choice((m) => m.proposed_due !== null), reason],
    },
    {
      name: "propose_date",
      label: t("提出日期", "Propose date"),
      explain: t(
        "双方同意后生效；在到期前改期不算逾期。",
        "It counts once both agree; agreed anew in time it is no delay.",
      ),
      fields: [
        {
          name: "milestone",
          label: t("已有节点（改期时选择）", "Known milestone (to change its date)"),
          kind: "select",
          options: requirement.milestones.filter((m) => !m.reached_at).map((m) => ({ value: m.id, label: m.name })),
        },
        { name: "name", label: t("节点名称", "Name"), kind: "text", required: true, initial: t("上线", "Go live") },
        { name: "due", label: t("完成日期", "Date"), kind: "date", required: true },
      ],
    },
    {
      name: "reach",
      label: t("节点完成", "Reached"),
      fields: [choice((m) => !m.reached_at && m.dates.length > 0), when],
    },
    {
      name: "deliver",
      label: t("交付", "Deliver"),
      primary: requirement.state === "working",
      fields: [{ name: "note", label: t("交付说明", "What was delivered"), kind: "area", required: true }, when],
    },
    { name: "accept", label: t("验收通过", "Accept"), primary: true },
    { name: "reject", label: t("验收不通过", "Reject"), danger: true, fields: [reason] },
    {
      name: "propose_kind",
      label: t("提出分类", "Propose kind"),
      fields: [
        {
          name: "kind",
          label: t("分类", "Kind"),
          kind: "select",
          required: true,
          options: Object.entries(KIND_WORDS).map(([value, words]) => ({ value, label: t(...words) })),
        },
      ],
    },
    {
      name: "complain",
      label: t("登记投诉", "Complaint"),
      explain: t("只加重所选日期的违约金。", "Only the fine of the chosen date is raised."),
      fields: [
        missed,
        {
          name: "to",
          label: t("投诉至", "To"),
          kind: "select",
          required: true,
          options: Object.entries(COMPLAINT_WORDS).map(([value, words]) => ({ value, label: t(...words) })),
        },
        { name: "evidence", label: t("投诉情况", "What was complained of"), kind: "area", required: true },
        evidenceFile,
      ],
    },
    {
      name: "affect_business",
      label: t("影响业务", "Affects business"),
      explain: t("只加重所选日期的违约金。", "Only the fine of the chosen date is raised."),
      fields: [
        missed,
        { name: "evidence", label: t("影响了什么", "What was affected"), kind: "area", required: true },
        evidenceFile,
      ],
    },
    {
      name: "compensate",
      label: t("患者补偿", "Compensation"),
      fields: [{ name: "amount_cents", label: t("协商金额", "Amount"), kind: "yuan", required: true }, reason],
    },
    {
      name: "note",
      label: t("备注", "Note"),
      fields: [{ name: "text", label: t("内容", "Text"), kind: "area", required: true }],
    },
    { name: "decline", label: t("不予实施", "Decline"), danger: true, fields: [reason] },
    { name: "withdraw", label: t("撤回", "Withdraw"), danger: true, fields: [reason] },
  ];
}
