import { FilePdfOutlined, HistoryOutlined } from "@ant-design/icons";
import type { EcgAction, Exam } from "@tianmu/api/wire";
import { ReasonDialog } from "@tianmu/ui/reason-dialog";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useSubmitExam } from "../api/use-submit-exam";
import { useVoidExam } from "../api/use-void-exam";
import { useWithdrawExam } from "../api/use-withdraw-exam";
import { reads } from "../lib/next-step";
import { EditExam } from "./edit-exam";
import { PdfDialog } from "./pdf-dialog";
import { TimelineDrawer } from "./timeline-drawer";

/** What can be done with an exam, and the dialogs that it opens. */
export function ExamActions({ exam }: { exam: Exam }) {
  const t = useT();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const words = useErrorText();
  const submit = useSubmitExam();
  const voidExam = useVoidExam();
  const withdraw = useWithdrawExam();
  const [drawer, setDrawer] = useState(false);
  const [dialog, setDialog] = useState<"void" | "withdraw" | "edit" | null>(null);
  const [pdf, setPdf] = useState<number | null | undefined>(undefined);
  const may = (action: EcgAction) => exam.allowed_actions.includes(action);
  const close = () => setDialog(null);
  const send = async () => {
    try {
      await submit.mutateAsync(exam.id);
      message.success(t("已提交，诊断中心会看到这例检查", "Submitted: the diagnosis centre sees it now"));
    } catch (error) {
      message.error(words(error).text);
    }
  };
  return (
    <>
      <Button icon={<HistoryOutlined />} onClick={() => setDrawer(true)}>
        {t("流程与版本", "History")}
      </Button>
      {exam.report?.pdf_ready ? (
        <Button icon={<FilePdfOutlined />} onClick={() => setPdf(null)}>
          {t("报告 PDF", "Report PDF")}
        </Button>
      ) : null}
      {reads(exam) ? (
        <Link to={`/ecg/read/${exam.id}`}>
          <Button>{t("打开判读界面", "Reading screen")}</Button>
        </Link>
      ) : null}
      {may("edit_registration") ? (
        <Button onClick={() => setDialog("edit")}>{t("修改申请", "Edit request")}</Button>
      ) : null}
      {may("void") ? (
        <Button danger onClick={() => setDialog("void")}>
          {t("作废", "Void")}
        </Button>
      ) : null}
      {may("withdraw") ? (
        <Button danger onClick={() => setDialog("withdraw")}>
          {t("撤回报告", "Withdraw report")}
        </Button>
      ) : null}
      {may("submit") ? (
        <Button type="primary" loading={submit.isPending} onClick={() => void send()}>
          {t("提交判读", "Submit")}
        </Button>
      ) : null}
      <TimelineDrawer exam={exam} open={drawer} onClose={() => setDrawer(false)} onPdf={setPdf} />
      <PdfDialog examId={exam.id} version={pdf} onClose={() => setPdf(undefined)} />
      {dialog === "edit" ? <EditExam exam={exam} onClose={close} /> : null}
      <ReasonDialog
        open={dialog === "void"}
        danger
        title={t("作废检查", "Void the exam")}
        explain={t("作废后不能再判读，记录会保留。", "It can no longer be read; the record is kept.")}
        okText={t("作废", "Void")}
        suggestions={[
          t("患者选错", "Wrong patient"),
          t("重复登记", "Registered twice"),
          t("患者拒绝检查", "Patient declined"),
        ]}
        onCancel={close}
        onConfirm={async (reason) => {
          await voidExam.mutateAsync({ id: exam.id, reason });
          close();
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
        onCancel={close}
        onConfirm={async (reason) => {
          await withdraw.mutateAsync({ id: exam.id, reason });
          close();
          navigate(`/ecg/read/${exam.id}`);
        }}
      />
    </>
  );
}
