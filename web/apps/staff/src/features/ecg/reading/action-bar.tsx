import { useQueryClient } from "@tanstack/react-query";
import type { EcgAction, Exam } from "@tianmu/api/wire";
import { ReasonDialog } from "@tianmu/ui/reason-dialog";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button, Modal } from "antd";
import { type RefObject, useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { claimNext } from "../api/claim-next";
import { useApproveExam } from "../api/use-approve-exam";
import { useClaimExam } from "../api/use-claim-exam";
import { useClaimReview } from "../api/use-claim-review";
import { useReleaseExam } from "../api/use-release-exam";
import { useReturnExam } from "../api/use-return-exam";
import { useSignReport } from "../api/use-sign-report";
import { useWithdrawExam } from "../api/use-withdraw-exam";
import { missingForSign } from "../lib/report-draft";
import { SignSummary } from "./sign-summary";
import { RetakeDialog } from "./retake-dialog";
import type { useReportDraft } from "./use-report-draft";

interface ActionBarProps {
  exam: Exam;
  report: ReturnType<typeof useReportDraft>;
  /** Receives what Ctrl+Enter does. */
  handle: RefObject<{ primary: () => void } | null>;
  leave: (go: () => void) => void;
  onMissing: (what: "findings" | "conclusion") => void;
}

type Dialog = "sign" | "approve" | "return" | "retake" | "withdraw" | null;

/** The steps that the server allows this person now; the last one is the usual next step. */
export function ActionBar({ exam, report, handle, leave, onMissing }: ActionBarProps) {
  const t = useT();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const words = useErrorText();
  const [dialog, setDialog] = useState<Dialog>(null);
  const [busy, setBusy] = useState(false);
  const claim = useClaimExam();
  const claimReview = useClaimReview();
  const release = useReleaseExam();
  const sign = useSignReport();
  const approve = useApproveExam();
  const giveBack = useReturnExam();
  const withdraw = useWithdrawExam();
  const may = (action: EcgAction) => exam.allowed_actions.includes(action);
  const toList = () => leave(() => navigate("/ecg/worklist"));

  const attempt = async (act: () => Promise<unknown>) => {
    if (busy) return;
    setBusy(true);
    try {
      await act();
    } catch (error) {
      message.error(words(error).text);
    } finally {
      setBusy(false);
    }
  };
  const askSign = () => {
    const missing = missingForSign(report.draft)[0];
    if (missing) {
      message.warning(
        missing === "findings"
          ? t("请先填写心电图所见", "Write the findings first")
          : t("请先填写诊断结论", "Write the conclusion first"),
      );
      onMissing(missing);
      return;
    }
    setDialog("sign");
  };
  const doSign = (next: boolean) =>
    attempt(async () => {
      if (!(await report.flush())) throw report.error ?? new Error("not saved");
      await sign.mutateAsync({ id: exam.id, row_version: report.rowVersion() });
      message.success(t("已签发，等待审核", "Signed: waits for review"));
      setDialog(null);
      if (!next) {
        toList();
        return;
      }
      const following = await claimNext();
      await queries.invalidateQueries({ queryKey: ["ecg"] });
      if (following) leave(() => navigate(`/ecg/read/${following}`));
      else {
        message.info(t("没有待判读的检查了", "Nothing more to read"));
        toList();
      }
    });
  const doApprove = () =>
    attempt(async () => {
      await approve.mutateAsync(exam.id);
      message.success(t("审核通过，报告已发布", "Approved and published"));
      setDialog(null);
      toList();
    });
  const primary = () => {
    if (dialog === "sign") void doSign(false);
    else if (dialog === "approve") void doApprove();
    else if (dialog) return;
    else if (may("sign")) askSign();
    else if (may("approve")) setDialog("approve");
    else if (may("claim")) void attempt(() => claim.mutateAsync(exam.id));
    else if (may("claim_review")) void attempt(() => claimReview.mutateAsync(exam.id));
  };
  useEffect(() => {
    handle.current = { primary };
  });
  return (
    <div className="reading-buttons">
      {may("release") ? (
        <Button
          disabled={busy}
          onClick={() =>
            void attempt(async () => {
              await report.flush();
              await release.mutateAsync(exam.id);
              toList();
            })
          }
        >
          {t("放弃接诊", "Release")}
        </Button>
      ) : null}
      {may("request_retake") ? <Button onClick={() => setDialog("retake")}>{t("要求重采", "Retake")}</Button> : null}
      {may("return") ? (
        <Button danger onClick={() => setDialog("return")}>
          {t("退回", "Return")}
        </Button>
      ) : null}
      {may("withdraw") ? (
        <Button danger onClick={() => setDialog("withdraw")}>
          {t("撤回报告", "Withdraw")}
        </Button>
      ) : null}
      {may("claim") ? (
        <Button type="primary" loading={busy} onClick={primary}>
          {exam.state === "withdrawn" ? t("接诊并修订", "Claim and amend") : t("接诊", "Claim")}
        </Button>
      ) : null}
      {may("claim_review") ? (
        <Button type="primary" loading={busy} onClick={primary}>
          {t("开始审核", "Review")}
        </Button>
      ) : null}
      {may("sign") ? (
        <Button type="primary" loading={busy} onClick={askSign}>
          {t("签发", "Sign")}
        </Button>
      ) : null}
      {may("approve") ? (
        <Button type="primary" loading={busy} onClick={() => setDialog("approve")}>
          {t("审核通过", "Approve")}
        </Button>
      ) : null}
      <Modal
        open={dialog === "sign"}
        title={t("签发报告", "Sign the report")}
        onCancel={() => setDialog(null)}
        width={480}
        footer={[
          <Button key="back" onClick={() => setDialog(null)}>
            {t("返回修改", "Back")}
          </Button>,
          <Button key="next" loading={busy} onClick={() => void doSign(true)}>
            {t("签发并接下一例", "Sign and claim the next")}
          </Button>,
          <Button key="sign" type="primary" loading={busy} autoFocus onClick={() => void doSign(false)}>
            {t("确认签发", "Sign")}
          </Button>,
        ]}
      >
        <SignSummary
          exam={exam}
          conclusion={report.draft.conclusion}
          abnormal={report.draft.abnormal}
          note={t("签发后由另一位医师审核，审核通过即发布。", "Another doctor reviews it before it is published.")}
        />
      </Modal>
      <Modal
        open={dialog === "approve"}
        title={t("审核通过并发布", "Approve and publish")}
        onCancel={() => setDialog(null)}
        width={480}
        footer={[
          <Button key="back" onClick={() => setDialog(null)}>
            {t("返回", "Back")}
          </Button>,
          <Button key="approve" type="primary" loading={busy} autoFocus onClick={() => void doApprove()}>
            {t("确认通过", "Approve")}
          </Button>,
        ]}
      >
        <SignSummary
          exam={exam}
          conclusion={exam.report?.conclusion.join("\n") ?? ""}
          abnormal={exam.report?.abnormal ?? false}
          note={t("发布后送检机构和居民即可看到报告。", "The sender and the resident see the report at once.")}
        />
      </Modal>
      <ReasonDialog
        open={dialog === "return"}
        danger
        title={t("退回判读", "Return to reading")}
        explain={t(
          "报告草稿保留，判读医师修改后重新签发。",
          "The draft is kept; the reader corrects it and signs again.",
        )}
        okText={t("退回", "Return")}
        suggestions={[
          t("结论不完整", "Conclusion incomplete"),
          t("测量值需修正", "Correct the measurements"),
          t("结论与图形不符", "Conclusion does not fit the trace"),
        ]}
        onCancel={() => setDialog(null)}
        onConfirm={async (reason) => {
          await giveBack.mutateAsync({ id: exam.id, reason });
          message.success(t("已退回", "Returned"));
          toList();
        }}
      />
      <ReasonDialog
        open={dialog === "withdraw"}
        danger
        title={t("撤回已发布的报告", "Withdraw the published report")}
        explain={t(
          "居民和医疗机构将看到报告已撤回；重新判读后以新版本发布。",
          "Everybody sees it as withdrawn; a new version follows after another reading.",
        )}
        okText={t("撤回报告", "Withdraw")}
        suggestions={[t("结论有误", "Wrong conclusion"), t("患者信息有误", "Wrong patient data")]}
        onCancel={() => setDialog(null)}
        onConfirm={async (reason) => {
          await withdraw.mutateAsync({ id: exam.id, reason });
          setDialog(null);
        }}
      />
      <RetakeDialog examId={exam.id} open={dialog === "retake"} onClose={() => setDialog(null)} onDone={toList} />
    </div>
  );
}
