import { FilePdfOutlined } from "@ant-design/icons";
import type { Incident, IncidentEvidence, IncidentReport, IncidentStep, ServiceEvent } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { dateTime } from "@tianmu/ui/lib/time";
import { type Translate, useT } from "@tianmu/ui/lib/use-lang";
import { Button, Descriptions, Modal, Tag } from "antd";
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
import { useIncident } from "./api/use-incident";
import { useIncidentStep } from "./api/use-incident-step";
import { useJudgement } from "./api/use-judge-incident";
import { FineReadings } from "./components/fine-readings";
import { LinkTicket } from "./components/link-ticket";
import { ReportEditor } from "./components/report-editor";
import { SeverityForm } from "./components/severity-form";
import { eventText, RECIPIENT_WORDS, SEVERITY_COLOURS, SEVERITY_WORDS, STATE_WORDS } from "./lib/words";

export function Page() {
  const t = useT();
  const { id = "" } = useParams();
  const incident = useIncident(id);
  if (incident.isError && !incident.data)
    return <ErrorState error={incident.error} onRetry={() => void incident.refetch()} />;
  if (!incident.data) return <LoadingState rows={10} />;
  return <Body incident={incident.data} key={id} t={t} />;
}

function Body({ incident, t }: { incident: Incident; t: Translate }) {
  const step = useIncidentStep(incident.id);
  const take = (body: Record<string, unknown>) => step.mutateAsync(body as IncidentStep);
  const [judging, setJudging] = useState<IncidentEvidence | null>(null);
  const [correcting, setCorrecting] = useState<ServiceEvent | null>(null);
  const [linking, setLinking] = useState(false);
  const files = useAttachments({ kind: "incident", id: incident.id }).data ?? [];
  const minutes = files.filter((file) => !file.voided_at).map((file) => ({ value: file.id, label: file.name }));
  const minutesFile = files.find((file) => file.id === incident.override_minutes_id);
  const overdue = incident.restore_due_at !== null && Date.parse(incident.restore_due_at) < Date.now();
  const causes = useJudgement(incident.evidence as IncidentEvidence).data?.words.cause ?? [];
  const may = (action: string) => incident.allowed_actions.includes(action);
  const cause = causes.find((c) => c.code === incident.cause_code);
  return (
    <>
      <PageHeader
        title={incident.title}
        note={
          <>
            <span className="tm-num">{incident.number}</span>　
            <Tag color={SEVERITY_COLOURS[incident.severity]}>
              {t(...(SEVERITY_WORDS[incident.severity] ?? ["", ""]))}
            </Tag>
            <StateTag state={incident.state} words={STATE_WORDS} />
          </>
        }
        actions={
          <>
            <a href={`/api/v1/service/incidents/${incident.id}/pdf`} target="_blank" rel="noreferrer">
              <Button icon={<FilePdfOutlined />}>{t("事件报告 PDF", "Report PDF")}</Button>
            </a>
            {may("judge") ? (
              <Button onClick={() => setJudging(incident.evidence as IncidentEvidence)}>
                {t("重新认定", "Judge anew")}
              </Button>
            ) : null}
            <StepButtons
              steps={definitions(incident, causes, minutes, t)}
              allowed={incident.allowed_actions}
              take={take}
            />
          </>
        }
      />
      <div className="service-columns">
        <div>
          <section className="service-panel">
            <Descriptions
              size="small"
              column={2}
              items={[
                { key: "item", label: t("系统", "System"), children: t(...itemWord(incident.item_code)) },
                {
                  key: "cause",
                  label: t("原因分类", "Cause"),
                  children: cause
                    ? `${t(cause.name_zh, cause.name_en)}${incident.cause_confirmed ? "" : t("（待甲方确认）", " (unconfirmed)")}`
                    : "—",
                },
                { key: "alarm", label: t("首次告警", "First alarm"), children: dateTime(incident.first_alarm) },
                { key: "report", label: t("首次报告", "First report"), children: dateTime(incident.first_report) },
                { key: "responded", label: t("响应", "Response"), children: dateTime(incident.responded_at) },
                { key: "restored", label: t("恢复", "Restored"), children: dateTime(incident.restored_at) },
                {
                  key: "scope",
                  label: t("影响范围", "Scope"),
                  span: 2,
                  children: t(
                    `接入 ${incident.evidence.connected_institutions} 家，业务中断：基层 ${incident.evidence.primary_stopped} 家、二级以上 ${incident.evidence.secondary_stopped} 家`,
                    `${incident.evidence.primary_stopped} primary and ${incident.evidence.secondary_stopped} secondary of ${incident.evidence.connected_institutions} stopped`,
                  ),
                },
                ...(incident.affected.length > 0
                  ? [
                      {
                        key: "affected",
                        label: t("受影响机构", "Affected"),
                        span: 2,
                        children: incident.affected.map((a) => a.name).join("、"),
                      },
                    ]
                  : []),
                ...(incident.also_affects.length > 0
                  ? [
                      {
                        key: "also",
                        label: t("波及系统", "Also affects"),
                        span: 2,
                        children: t(
                          `${incident.also_affects.map((code) => itemWord(code)[0]).join("、")}（不另计罚款）`,
                          `${incident.also_affects.map((code) => itemWord(code)[1]).join(", ")} (no fine of their own)`,
                        ),
                      },
                    ]
                  : []),
                ...(incident.informed_at
                  ? [
                      {
                        key: "informed",
                        label: t("告知信息科", "Told"),
                        span: 2,
                        children: `${incident.informed_recipient} ${dateTime(incident.informed_at)}`,
                      },
                    ]
                  : []),
                ...(incident.override_reason
                  ? [
                      {
                        key: "override",
                        label: t("专家组认定", "Panel"),
                        span: 2,
                        children: (
                          <>
                            {t(
                              `${incident.override_by_name}：${incident.override_reason}（规则判定 ${incident.computed_severity}）`,
                              `${incident.override_by_name}: ${incident.override_reason} (computed ${incident.computed_severity})`,
                            )}
                            {minutesFile ? (
                              <>
                                {" "}
                                <a href={fileUrl(minutesFile.id)} target="_blank" rel="noreferrer">
                                  {minutesFile.name}
                                </a>
                              </>
                            ) : null}
                          </>
                        ),
                      },
                    ]
                  : []),
              ]}
            />
            {incident.description ? (
              <p className="tm-pre" style={{ marginBottom: 0 }}>
                {incident.description}
              </p>
            ) : null}
          </section>
          <ReportEditor
            key={`${incident.state} ${incident.row_version > 0}`}
            incident={incident}
            causes={causes}
            save={(report: IncidentReport) => take({ step: "save_report", report })}
            submit={(report: IncidentReport) => take({ step: "submit_report", report })}
          />
          {incident.fine ? (
            <section className="service-panel">
              <h2>
                {incident.restored_at
                  ? t(
                      `违约金 ${yuan(incident.fine.amount_cents)} 元（同类第 ${incident.fine.occurrence} 次）`,
                      `Fine ${yuan(incident.fine.amount_cents)} yuan (occurrence ${incident.fine.occurrence})`,
                    )
                  : overdue
                    ? t(
                        `已超时，恢复后违约金 ${yuan(incident.fine.amount_cents)} 元`,
                        `Late already: it costs ${yuan(incident.fine.amount_cents)} yuan`,
                      )
                    : t(
                        `若按时恢复，违约金 ${yuan(incident.fine.amount_cents)} 元`,
                        `Restored in time it costs ${yuan(incident.fine.amount_cents)} yuan`,
                      )}
              </h2>
              {incident.fine.negotiable ? (
                <p>
                  {t(
                    "本节只对软件子系统计罚，该项目由双方协商。",
                    "This section fines software only; the amount is negotiated.",
                  )}
                </p>
              ) : null}
              <FineReadings fine={incident.fine} />
              <DerivationView of={incident.fine.derivation} withoutReadings />
              <p className="tm-muted" style={{ marginBottom: 0 }}>
                {t(
                  `本合同累计 ${yuan(incident.fine.running.confirmed_cents + incident.fine.running.proposed_cents + incident.fine.running.disputed_cents)} 元；参考：合同总价5%为 ${yuan(incident.fine.cap_cents)} 元。`,
                  `Contract so far ${yuan(incident.fine.running.confirmed_cents + incident.fine.running.proposed_cents + incident.fine.running.disputed_cents)}; 5 % of the total is ${yuan(incident.fine.cap_cents)}.`,
                )}{" "}
                {incident.penalty_id ? (
                  <Link to={`/service/settlement?penalty=${incident.penalty_id}`}>
                    {t("查看违约金", "The penalty")}
                  </Link>
                ) : null}
              </p>
            </section>
          ) : null}
          <section className="service-panel">
            <h2>{t("等级依据", "Why this severity")}</h2>
            <DerivationView of={incident.severity_derivation} />
          </section>
          <section className="service-panel">
            <h2>{t("附件", "Files")}</h2>
            <AttachmentList target={{ kind: "incident", id: incident.id }} mayAdd={may("notice")} />
          </section>
          {incident.tickets.length > 0 || may("link_ticket") ? (
            <section className="service-panel">
              <h2>
                {t("关联工单", "Tickets")}
                {may("link_ticket") ? (
                  <Button size="small" style={{ marginInlineStart: 8 }} onClick={() => setLinking(true)}>
                    {t("关联", "Link")}
                  </Button>
                ) : null}
              </h2>
              {incident.tickets.map((ticket) => (
                <Link
                  key={ticket.id}
                  to={`/service/tickets/${ticket.id}`}
                  className="tm-num"
                  style={{ marginInlineEnd: 12 }}
                >
                  {ticket.number}
                </Link>
              ))}
            </section>
          ) : null}
        </div>
        <div>
          <section className="service-panel">
            <h2>{t("时限", "Limits")}</h2>
            <ClockList clocks={incident.clocks} />
            {incident.notice_needed ? (
              <table className="service-table">
                <tbody>
                  {(["authorities", "carrier"] as const).map((to) => {
                    const done = incident.notices.find((n) => n.to === to);
                    return (
                      <tr key={to}>
                        <td>{t(...(RECIPIENT_WORDS[to] ?? ["", ""]))}</td>
                        <td>
                          {done ? (
                            `${done.recipient}（${done.evidence}）`
                          ) : (
                            <span className="service-late">{t("未确认", "not yet")}</span>
                          )}
                        </td>
                        <td className={done?.late ? "service-late" : ""}>
                          {done ? `${dateTime(done.at)}${done.late ? t(" 超时", " late") : ""}` : ""}
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            ) : null}
          </section>
          <section className="service-panel">
            <h2>{t("时间线", "Timeline")}</h2>
            <Journal
              entries={incident.journal}
              describe={(what) => eventText(what, t, causes)}
              onCorrect={may("correct") ? setCorrecting : undefined}
            />
          </section>
        </div>
      </div>
      {linking ? (
        <LinkTicket
          linked={incident.tickets.map((ticket) => ticket.id)}
          link={(ticket_id) => take({ step: "link_ticket", ticket_id })}
          close={() => setLinking(false)}
        />
      ) : null}
      {judging ? (
        <Modal
          open
          width={620}
          title={t("重新认定等级", "Judge anew")}
          onCancel={() => setJudging(null)}
          okText={t("保存", "Save")}
          onOk={async () => {
            await take({ step: "judge", evidence: judging, affected: incident.affected });
            setJudging(null);
          }}
        >
          <SeverityForm value={judging} onChange={setJudging} />
        </Modal>
      ) : null}
      {correcting ? (
        <StepDialog
          step={{
            name: "correct",
            label: t("更正记录", "Correct an entry"),
            explain: t(
              "填写真实时间；留空表示没有发生。等级、时限与违约金重新计算。",
              "When it really happened; empty when it never did.",
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

function definitions(
  incident: Incident,
  causes: { code: string; name_zh: string; name_en: string }[],
  minutes: { value: string; label: string }[],
  t: Translate,
): StepDefinition[] {
  const when = { name: "at", label: t("时间（留空为现在）", "When (now when empty)"), kind: "moment" as const };
  const reason = { name: "reason", label: t("原因", "Reason"), kind: "area" as const, required: true };
  return [
    {
      name: "respond",
      label: t("响应", "Respond"),
      primary: true,
      fields: [
        {
          name: "way",
          label: t("方式", "How"),
          kind: "select",
          required: true,
          initial: "remote",
          options: [
            { value: "remote", label: t("远程", "Remotely") },
            { value: "on_site", label: t("现场", "On site") },
          ],
        },
        when,
      ],
    },
    {
      name: "restore",
      label: t("已恢复", "Restored"),
      primary: true,
      fields: [{ name: "note", label: t("说明", "Note"), kind: "area" }, when],
    },
    {
      name: "inform",
      label: t("告知信息科", "Tell the information section"),
      primary: true,
      explain: t(
        "一般事件（S4）告知卫健局信息科即可，恢复后办结，无须报告。",
        "An ordinary incident is told to the information section; restored, it is closed without a report.",
      ),
      fields: [{ name: "recipient", label: t("告知谁", "Who was told"), kind: "text", required: true }, when],
    },
    {
      name: "measure",
      label: t("记录处置", "Measure"),
      fields: [{ name: "text", label: t("做了什么", "What was done"), kind: "area", required: true }, when],
    },
    {
      name: "accept_report",
      label: t("通过报告", "Accept report"),
      primary: true,
      explain: t("确认的原因分类决定是否为同类重复事件。", "The confirmed cause decides on repetitions."),
      fields: [
        {
          name: "cause_code",
          label: t("原因分类", "Cause"),
          kind: "select",
          required: true,
          initial: incident.cause_code ?? undefined,
          options: causes.map((c) => ({ value: c.code, label: t(c.name_zh, c.name_en) })),
        },
      ],
    },
    { name: "return_report", label: t("退回报告", "Return report"), fields: [reason] },
    {
      name: "notice",
      label: t("登记上报", "Confirm notice"),
      explain: t(
        "主管部门与运营商须分别确认，24小时内。",
        "Authorities and carrier, each on its own, within 24 hours.",
      ),
      fields: [
        {
          name: "to",
          label: t("对象", "To"),
          kind: "select",
          required: true,
          options: Object.entries(RECIPIENT_WORDS).map(([value, words]) => ({ value, label: t(...words) })),
        },
        { name: "recipient", label: t("接收方", "Recipient"), kind: "text", required: true },
        {
          name: "evidence",
          label: t("凭证", "Evidence"),
          kind: "text",
          required: true,
          placeholder: t("传真回执、文号", "Receipt, number"),
        },
        when,
      ],
    },
    {
      name: "alarm",
      label: t("补充告警", "Add alarm"),
      fields: [
        { name: "at", label: t("告警时间", "When"), kind: "moment", required: true },
        { name: "source", label: t("来源", "Source"), kind: "text", required: true },
      ],
    },
    {
      name: "override",
      label: t("专家组认定", "Panel decides"),
      fields: [
        {
          name: "severity",
          label: t("等级", "Severity"),
          kind: "select",
          required: true,
          options: Object.entries(SEVERITY_WORDS).map(([value, words]) => ({ value, label: t(...words) })),
        },
        reason,
        {
          name: "minutes_id",
          label: t("专家组纪要", "Minutes of the panel"),
          kind: "select",
          options: minutes,
          help:
            minutes.length === 0
              ? t("请先在“附件”中上传纪要，再在此选择。", "Put the minutes among the files first, then choose them.")
              : undefined,
        },
      ],
    },
    { name: "withdraw_override", label: t("撤销认定", "Withdraw decision"), fields: [reason] },
    { name: "fail_again", label: t("再次故障", "Failed again"), danger: true, fields: [when, reason] },
    {
      name: "void",
      label: t("作废", "Void"),
      danger: true,
      explain: t("作废后不再计次，违约金以冲销分录收回。", "It no longer counts; the fine is taken back."),
      fields: [reason],
    },
  ];
}
