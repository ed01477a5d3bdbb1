import { CloudDownloadOutlined, EditOutlined, FilePdfOutlined } from "@ant-design/icons";
import type { Inspection, InspectionStep } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { ReasonDialog } from "@tianmu/ui/reason-dialog";
import { dateTime, day } from "@tianmu/ui/lib/time";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, App, Button, DatePicker, Descriptions, Input, Modal, Progress, Timeline } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { AttachmentList } from "../attachments/attachment-list";
import { useInspection } from "./api/use-inspection";
import { useInspectionStep } from "./api/use-inspection-step";
import { type Abnormal, AbnormalList } from "./components/abnormal-list";
import { AssignDialog } from "./components/assign-dialog";
import { FindingDialog } from "./components/finding-dialog";
import { ResultMatrix } from "./components/result-matrix";
import { SubmitDialog } from "./components/submit-dialog";
import { DueTag, StateTag } from "./components/tags";
import { eventText, KIND_WORDS } from "./lib/words";
import "./inspection-page.css";

export function Page() {
  const t = useT();
  const { id = "" } = useParams();
  const inspection = useInspection(id);
  if (inspection.isError && !inspection.data)
    return <ErrorState error={inspection.error} onRetry={() => void inspection.refetch()} />;
  if (!inspection.data) return <LoadingState rows={10} />;
  return (
    <>
      <PageHeader
        title={t(...KIND_WORDS[inspection.data.kind])}
        note={
          <>
            <span className="tm-num">{inspection.data.number}</span>　<StateTag state={inspection.data.state} />　
            <DueTag line={inspection.data} />
          </>
        }
        actions={<Actions inspection={inspection.data} />}
      />
      <Body inspection={inspection.data} />
    </>
  );
}

type Dialog = "assign" | "submit" | "return" | "confirm" | "paper" | null;

function Actions({ inspection }: { inspection: Inspection }) {
  const t = useT();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const words = useErrorText();
  const step = useInspectionStep(inspection.id);
  const [dialog, setDialog] = useState<Dialog>(null);
  const [opinion, setOpinion] = useState("");
  const [paper, setPaper] = useState(day(Date.now()));
  const may = (action: string) => inspection.allowed_actions.includes(action);
  const close = () => setDialog(null);
  const act = async (body: InspectionStep, success?: string) => {
    try {
      const now = await step.mutateAsync(body);
      if (success) message.success(success);
      return now;
    } catch (error) {
      const { text, fields } = words(error);
      message.error(fields[0] ?? text);
      return null;
    }
  };
  const readMonitoring = async () => {
    const before = inspection.journal.length;
    const now = await act({ step: "read_monitoring" });
    const event = now && now.journal.length > before ? (now.journal[0]?.what as Record<string, unknown>) : null;
    if (event) message.success(eventText(event, t));
  };
  return (
    <>
      <a href={`/api/v1/service/inspections/${inspection.id}/pdf`} target="_blank" rel="noreferrer">
        <Button icon={<FilePdfOutlined />}>{t("巡检报告 PDF", "Report PDF")}</Button>
      </a>
      {may("assign") ? (
        <Button onClick={() => setDialog("assign")}>
          {inspection.assignee_id ? t("改派", "Reassign") : t("指派", "Assign")}
        </Button>
      ) : null}
      {may("start") ? (
        <Button
          type="primary"
          loading={step.isPending}
          onClick={async () => {
            if (await act({ step: "start" })) navigate(`/service/inspections/${inspection.id}/fill`);
          }}
        >
          {t("开始巡检", "Start")}
        </Button>
      ) : null}
      {may("read_monitoring") ? (
        <Button icon={<CloudDownloadOutlined />} loading={step.isPending} onClick={() => void readMonitoring()}>
          {t("读取监控", "Read monitoring")}
        </Button>
      ) : null}
      {may("fill") ? (
        <Link to={`/service/inspections/${inspection.id}/fill`}>
          <Button icon={<EditOutlined />} type={inspection.answered < inspection.items ? "primary" : "default"}>
            {t("填写", "Fill in")}
          </Button>
        </Link>
      ) : null}
      {may("submit") ? (
        <Button
          type={inspection.answered < inspection.items ? "default" : "primary"}
          onClick={() => setDialog("submit")}
        >
          {t("提交报告", "Submit")}
        </Button>
      ) : null}
      {may("deliver_paper") && inspection.paper_due ? (
        <Button onClick={() => setDialog("paper")}>
          {inspection.paper_delivered_on
            ? t("更正纸质交付", "Correct the paper's date")
            : t("登记纸质交付", "Paper handed over")}
        </Button>
      ) : null}
      {may("return") ? (
        <Button danger onClick={() => setDialog("return")}>
          {t("退回", "Return")}
        </Button>
      ) : null}
      {may("confirm") ? (
        <Button type="primary" onClick={() => setDialog("confirm")}>
          {t("确认", "Confirm")}
        </Button>
      ) : null}
      {dialog === "assign" ? <AssignDialog lines={[inspection]} onClose={close} /> : null}
      {dialog === "submit" ? (
        <SubmitDialog
          inspection={inspection}
          onClose={close}
          onOpenUnit={(unit) => navigate(`/service/inspections/${inspection.id}/fill?unit=${unit}`)}
        />
      ) : null}
      <ReasonDialog
        open={dialog === "return"}
        danger
        title={t("退回巡检报告", "Return the report")}
        explain={t(
          "乙方将修改后重新提交；改动会记入日志。",
          "Party B changes and submits it again; changes are kept in the journal.",
        )}
        okText={t("退回", "Return")}
        suggestions={[
          t("有设备漏检", "Units were left out"),
          t("异常说明不清", "Remarks are unclear"),
          t("缺现场照片", "Photos are missing"),
        ]}
        onCancel={close}
        onConfirm={async (reason) => {
          await step.mutateAsync({ step: "return", reason });
          close();
        }}
      />
      <Modal
        open={dialog === "confirm"}
        title={t("确认巡检报告", "Confirm the report")}
        okText={t("签署确认", "Sign")}
        cancelText={t("取消", "Cancel")}
        confirmLoading={step.isPending}
        onCancel={close}
        onOk={async () => {
          if (await act({ step: "confirm", opinion: opinion.trim() || undefined }, t("已确认", "Confirmed"))) close();
        }}
        width={460}
      >
        <p style={{ marginTop: 0 }}>
          {t(
            "确认即由您代表甲方签署，之后不能再改。",
            "Confirming signs it for party A; it cannot be changed afterwards.",
          )}
        </p>
        <label htmlFor="inspection-opinion">{t("意见（可不填）", "Opinion (optional)")}</label>
        <Input.TextArea
          id="inspection-opinion"
          rows={3}
          maxLength={500}
          value={opinion}
          onChange={(event) => setOpinion(event.target.value)}
        />
      </Modal>
      <Modal
        open={dialog === "paper"}
        title={t("纸质报告交付", "Report on paper")}
        okText={t("登记", "Record")}
        cancelText={t("取消", "Cancel")}
        confirmLoading={step.isPending}
        onCancel={close}
        onOk={async () => {
          if (await act({ step: "deliver_paper", on: paper })) close();
        }}
        width={400}
      >
        <p style={{ marginTop: 0 }}>
          {t(
            "合同 6.2(3) 要求季度巡检交纸质报告。签收页可作为附件上传。",
            "6.2(3) wants the quarterly report on paper. The signed page may be added to the files.",
          )}
        </p>
        <DatePicker
          aria-label={t("交付日期", "Handed over on")}
          value={dayjs(paper)}
          allowClear={false}
          maxDate={dayjs()}
          onChange={(value) => value && setPaper(value.format("YYYY-MM-DD"))}
          style={{ width: "100%" }}
        />
      </Modal>
    </>
  );
}

function Body({ inspection }: { inspection: Inspection }) {
  const t = useT();
  const [found, setFound] = useState<Abnormal | null>(null);
  const may = (action: string) => inspection.allowed_actions.includes(action);
  const works = may("fill");
  const signature = (of: { name: string; at: string } | null, missing: string) =>
    of ? `${of.name} ${dateTime(of.at)}` : <span className="tm-muted">{missing}</span>;
  return (
    <div className="inspection-columns">
      <div style={{ minWidth: 0 }}>
        {inspection.return_reason ? (
          <Alert
            type="warning"
            showIcon
            style={{ marginBottom: 10 }}
            title={t(`甲方退回：${inspection.return_reason}`, `Returned by party A: ${inspection.return_reason}`)}
          />
        ) : null}
        {inspection.items === 0 ? (
          <div className="tm-panel tm-muted" style={{ padding: 24 }}>
            {t(
              `尚未开始。${inspection.period_from} 起可以巡检，${inspection.due} 前提交报告。`,
              `Not begun. It may be made from ${inspection.period_from} and is due on ${inspection.due}.`,
            )}
          </div>
        ) : (
          <>
            <section className="tm-panel inspection-block">
              <h2>{t("异常与处理", "Abnormal")}</h2>
              <AbnormalList inspection={inspection} onReport={may("report_finding") ? setFound : null} />
            </section>
            <section className="tm-panel inspection-block">
              <h2>{t("检查结果", "Results")}</h2>
              <p className="tm-muted" style={{ margin: 0 }}>
                {t(
                  "√ 正常，× 异常，* 监控采集；底色为未完成。",
                  "√ in order, × abnormal, * measured; shaded: not finished.",
                )}
              </p>
              <ResultMatrix inspection={inspection} />
            </section>
          </>
        )}
      </div>
      <aside className="inspection-side">
        <section className="tm-panel inspection-block">
          {inspection.items > 0 ? (
            <Progress
              percent={Math.floor((100 * inspection.answered) / inspection.items)}
              format={() => `${inspection.answered} / ${inspection.items}`}
            />
          ) : null}
          <Descriptions
            size="small"
            column={1}
            items={[
              { key: "clause", label: t("合同条款", "Clause"), children: inspection.clause },
              {
                key: "period",
                label: t("巡检周期", "Period"),
                children: (
                  <span className="tm-num">
                    {inspection.period_from} – {inspection.due}
                  </span>
                ),
              },
              { key: "engineer", label: t("巡检人", "Engineer"), children: inspection.assignee_name ?? "—" },
              { key: "started", label: t("开始", "Started"), children: dateTime(inspection.started_at) },
              { key: "units", label: t("设备", "Units"), children: inspection.units },
              { key: "abnormal", label: t("异常", "Abnormal"), children: inspection.abnormal },
              {
                key: "summary",
                label: t("结论", "Summary"),
                children: <span className="tm-pre">{inspection.summary ?? "—"}</span>,
              },
              {
                key: "b",
                label: t("乙方签署", "Party B"),
                children: signature(inspection.signed_by_provider, t("未签", "not signed")),
              },
              {
                key: "a",
                label: t("甲方签署", "Party A"),
                children: signature(inspection.signed_by_bureau, t("未签", "not signed")),
              },
              ...(inspection.opinion
                ? [{ key: "opinion", label: t("甲方意见", "Opinion"), children: inspection.opinion }]
                : []),
              ...(inspection.paper_due
                ? [
                    {
                      key: "paper",
                      label: t("纸质报告", "Paper"),
                      children: inspection.paper_delivered_on ?? (
                        <span className="tm-muted">{t("未交付", "owed")}</span>
                      ),
                    },
                  ]
                : []),
            ]}
          />
        </section>
        <section className="tm-panel inspection-block">
          <h2>{t("照片与附件", "Photos and files")}</h2>
          <AttachmentList
            target={{ kind: "inspection", id: inspection.id }}
            mayAdd={works || may("confirm") || may("deliver_paper")}
            mayVoid={works}
          />
        </section>
        <section className="tm-panel inspection-block">
          <h2>{t("过程", "Journal")}</h2>
          <Timeline
            items={inspection.journal.map((entry) => ({
              key: entry.id,
              content: (
                <>
                  <div>{eventText(entry.what as Record<string, unknown>, t)}</div>
                  {entry.reason ? <div>{entry.reason}</div> : null}
                  <div className="tm-muted" style={{ fontSize: 12 }}>
                    {entry.by_name} {dateTime(entry.at)}
                  </div>
                </>
              ),
            }))}
          />
        </section>
      </aside>
      {found ? <FindingDialog inspection={inspection} found={found} onClose={() => setFound(null)} /> : null}
    </div>
  );
}
