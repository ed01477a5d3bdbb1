import { FilePdfOutlined } from "@ant-design/icons";
import type { DataCorrection, DataCorrectionStep } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { dateTime, dateTimeSeconds } from "@tianmu/ui/lib/time";
import { type Translate, useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Button, DatePicker, Descriptions, Form, Input, Modal, Tag } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { AttachmentList } from "../attachments/attachment-list";
import { DerivationView } from "../components/derivation";
import { Journal } from "../components/journal";
import { StateTag } from "../components/state-tag";
import { type StepDefinition, StepButtons } from "../components/step-buttons";
import { itemWord } from "../lib/words";
import { useCorrection } from "./api/use-correction";
import { useCorrectionStep } from "./api/use-correction-step";
import { eventText, STATE_WORDS } from "./lib/words";

export function Page() {
  const t = useT();
  const { id = "" } = useParams();
  const correction = useCorrection(id);
  if (correction.isError && !correction.data)
    return <ErrorState error={correction.error} onRetry={() => void correction.refetch()} />;
  if (!correction.data) return <LoadingState rows={8} />;
  return <Body correction={correction.data} key={id} t={t} />;
}

function Body({ correction, t }: { correction: DataCorrection; t: Translate }) {
  const step = useCorrectionStep(correction.id);
  const take = (body: Record<string, unknown>) => step.mutateAsync(body as DataCorrectionStep);
  const [executing, setExecuting] = useState(false);
  return (
    <>
      <PageHeader
        title={correction.title}
        note={
          <>
            <span className="tm-num">{correction.number}</span>　
            <StateTag state={correction.state} words={STATE_WORDS} />
            {correction.violation ? <Tag color="red">{t("有审批前操作", "Work before approval")}</Tag> : null}
          </>
        }
        actions={
          <>
            <a href={`/api/v1/service/corrections/${correction.id}/pdf`} target="_blank" rel="noreferrer">
              <Button icon={<FilePdfOutlined />}>{t("申请单 PDF", "Form PDF")}</Button>
            </a>
            {correction.allowed_actions.includes("execute") ? (
              <Button type="primary" onClick={() => setExecuting(true)}>
                {t("登记执行", "Execute")}
              </Button>
            ) : null}
            <StepButtons steps={definitions(t)} allowed={correction.allowed_actions} take={take} />
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
                { key: "org", label: t("机构", "Institution"), children: correction.organisation_name },
                { key: "item", label: t("系统", "System"), children: t(...itemWord(correction.item_code)) },
                {
                  key: "by",
                  label: t("申请", "Requested"),
                  children: `${correction.requested_by_name} ${dateTime(correction.requested_at)}`,
                },
                {
                  key: "decided",
                  label: t("审批", "Decided"),
                  children: correction.decided_at
                    ? `${correction.decided_by_name} ${dateTime(correction.decided_at)}`
                    : "—",
                },
                {
                  key: "executed",
                  label: t("执行", "Executed"),
                  children: correction.executed_at
                    ? `${correction.executed_by_name} ${dateTime(correction.executed_at)}`
                    : "—",
                },
                {
                  key: "reviewed",
                  label: t("复核", "Reviewed"),
                  children: correction.reviewed_at
                    ? `${correction.reviewed_by_name} ${dateTime(correction.reviewed_at)}`
                    : "—",
                },
                {
                  key: "ticket",
                  label: t("工单", "Ticket"),
                  children: correction.ticket_id ? (
                    <Link to={`/service/tickets/${correction.ticket_id}`}>{t("查看工单", "The ticket")}</Link>
                  ) : (
                    "—"
                  ),
                },
              ]}
            />
            <p className="tm-pre" style={{ marginBottom: 0 }}>
              {correction.reason}
            </p>
          </section>
          <section className="service-panel">
            <h2>{t("修改内容", "Changes")}</h2>
            {correction.changes.length === 0 ? (
              <p className="tm-muted" style={{ margin: 0 }}>
                {t("只处理收费问题，不修改数据。", "A charge alone: no data are changed.")}
              </p>
            ) : null}
            <table className="service-table">
              <thead>
                <tr>
                  <th>{t("对象", "Object")}</th>
                  <th>{t("主键", "Key")}</th>
                  <th>{t("字段", "Field")}</th>
                  <th>{t("修改前", "Before")}</th>
                  <th>{t("修改后", "After")}</th>
                  {correction.executed ? <th>{t("执行结果", "Found afterwards")}</th> : null}
                </tr>
              </thead>
              <tbody>
                {correction.changes.map((change, n) => {
                  const found = correction.executed?.[n];
                  return (
                    <tr key={n}>
                      <td>{change.object}</td>
                      <td>{change.key}</td>
                      <td>{change.field}</td>
                      <td className="tm-pre">
                        {change.before || <span className="tm-muted">{t("空", "empty")}</span>}
                      </td>
                      <td className="tm-pre">{change.after || <span className="tm-muted">{t("空", "empty")}</span>}</td>
                      {correction.executed ? (
                        <td className={`tm-pre ${found === change.after ? "service-good" : "service-late"}`}>
                          {found || t("空", "empty")}
                        </td>
                      ) : null}
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </section>
          {correction.executions.length > 0 ? (
            <section className="service-panel">
              <h2>{t("执行记录", "Executions")}</h2>
              {correction.executions.map((execution) => (
                <div key={execution.at} className="correction-execution">
                  <div className="tm-muted">
                    <span className="tm-num">{dateTimeSeconds(execution.at)}</span> {execution.by_name}
                  </div>
                  <pre>{execution.steps}</pre>
                  {execution.deviation_reason ? (
                    <div className="service-late">
                      {t(
                        `与申请不同的原因：${execution.deviation_reason}`,
                        `Why it differs: ${execution.deviation_reason}`,
                      )}
                    </div>
                  ) : null}
                </div>
              ))}
            </section>
          ) : null}
          <section className="service-panel">
            <h2>{t("回退方案", "How it is undone")}</h2>
            <p className="tm-pre" style={{ margin: 0 }}>
              {correction.rollback_plan}
            </p>
          </section>
          <section className="service-panel">
            <h2>{t("附件", "Files")}</h2>
            <AttachmentList
              target={{ kind: "data_correction", id: correction.id }}
              mayAdd={correction.allowed_actions.length > 0}
            />
          </section>
        </div>
        <div>
          <section className="service-panel">
            <h2>{t("审批要求", "Approval")}</h2>
            <Alert
              type={correction.approval_needed ? "warning" : "info"}
              style={{ marginBottom: 8 }}
              title={
                correction.approval_needed
                  ? t("须经信息科审批，审批前不得操作", "Approval first")
                  : t("按规则无需审批", "No approval needed")
              }
            />
            <DerivationView of={correction.approval} />
          </section>
          <section className="service-panel">
            <h2>{t("过程", "What happened")}</h2>
            <Journal entries={correction.journal} describe={(what) => eventText(what, t)} />
          </section>
        </div>
      </div>
      {executing ? <Execute correction={correction} take={take} close={() => setExecuting(false)} /> : null}
    </>
  );
}

function Execute({
  correction,
  take,
  close,
}: {
  correction: DataCorrection;
  take: (body: Record<string, unknown>) => Promise<unknown>;
  close: () => void;
}) {
  const t = useT();
  const [after, setAfter] = useState(correction.changes.map((c) => c.after));
  const [steps, setSteps] = useState("");
  const [why, setWhy] = useState("");
  const [at, setAt] = useState<Dayjs | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const differs = correction.changes.some((c, n) => c.after !== after[n]);
  const send = async () => {
    setBusy(true);
    setError(null);
    try {
      await take({ step: "execute", steps, after, deviation_reason: why || null, at: at?.toISOString() ?? null });
      close();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      width={720}
      title={t("登记执行", "Execute")}
      onCancel={close}
      okText={t("登记", "Record")}
      okButtonProps={{ loading: busy, disabled: !steps.trim() || (differs && !why.trim()) }}
      onOk={() => void send()}
    >
      {error ? <ErrorState error={error} /> : null}
      <Form layout="vertical">
        <Form.Item label={t("操作步骤或脚本", "Steps or script")} htmlFor="execute-steps" required>
          <Input.TextArea
            id="execute-steps"
            rows={4}
            value={steps}
            onChange={(e) => setSteps(e.target.value)}
            maxLength={4000}
          />
        </Form.Item>
        <Form.Item
          label={t("执行时间（留空为现在）", "When (now when empty)")}
          htmlFor="execute-at"
          help={t("不得早于审批", "Not before the approval")}
          style={{ marginBottom: 20 }}
        >
          <DatePicker
            id="execute-at"
            showTime={{ format: "HH:mm:ss" }}
            style={{ width: "100%" }}
            value={at}
            onChange={(value) => setAt(value)}
            minDate={correction.decided_at ? dayjs(correction.decided_at) : undefined}
          />
        </Form.Item>
        {correction.changes.length > 0 ? (
          <table className="service-table">
            <thead>
              <tr>
                <th>{t("修改", "Change")}</th>
                <th>{t("申请值", "Approved")}</th>
                <th>{t("执行后的值", "Found afterwards")}</th>
              </tr>
            </thead>
            <tbody>
              {correction.changes.map((change, n) => (
                <tr key={n}>
                  <td>
                    {change.object} {change.key} {change.field}
                  </td>
                  <td className="tm-pre">{change.after}</td>
                  <td>
                    <Input.TextArea
                      autoSize={{ minRows: 1, maxRows: 8 }}
                      aria-label={t(`第${n + 1}行执行后的值`, `Found afterwards, row ${n + 1}`)}
                      value={after[n]}
                      status={after[n] === change.after ? "" : "warning"}
                      onChange={(e) => setAfter(after.map((value, k) => (k === n ? e.target.value : value)))}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
        {differs ? (
          <Form.Item
            label={t("与申请不同的原因", "Why it differs")}
            htmlFor="execute-why"
            required
            style={{ marginTop: 12 }}
          >
            <Input.TextArea
              id="execute-why"
              rows={2}
              value={why}
              onChange={(e) => setWhy(e.target.value)}
              maxLength={1000}
            />
          </Form.Item>
        ) : null}
      </Form>
    </Modal>
  );
}

function definitions(t: Translate): StepDefinition[] {
  const reason = { name: "reason", label: t("原因", "Reason"), kind: "area" as const, required: true };
  return [
    {
      name: "approve",
      label: t("审批通过", "Approve"),
      primary: true,
      explain: t("同意按申请内容修改数据。", "The data may be changed as requested."),
      fields: [{ name: "opinion", label: t("意见", "Opinion"), kind: "area" }],
    },
    { name: "reject", label: t("驳回", "Reject"), danger: true, fields: [reason] },
    {
      name: "review",
      label: t("复核", "Review"),
      primary: true,
      fields: [
        { name: "right", label: t("修改正确", "It is right"), kind: "switch", initial: true },
        { name: "note", label: t("说明", "Note"), kind: "area" },
      ],
    },
    {
      name: "report_violation",
      label: t("登记违规", "Report violation"),
      explain: t("审批前已经操作的，如实登记；不计罚款。", "Work before the approval is recorded; no fine."),
      fields: [{ name: "what", label: t("情况", "What happened"), kind: "area", required: true }],
    },
    { name: "withdraw", label: t("撤回", "Withdraw"), fields: [reason] },
  ];
}
