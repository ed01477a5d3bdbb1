import { EyeOutlined, FormOutlined } from "@ant-design/icons";
import type { Revealed } from "@tianmu/api/wire";
import type { Merge } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { PatientBanner } from "@tianmu/ui/patient-banner";
import { ReasonDialog } from "@tianmu/ui/reason-dialog";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, App, Button, Descriptions, Table, Tabs } from "antd";
import { useEffect, useState } from "react";
import { Link, useParams } from "react-router";
import { can } from "../../app/permissions";
import { ExamTable } from "../ecg/components/exam-table";
import { useMe } from "../session/session-context";
import { useMerges } from "./api/use-merges";
import { usePatient } from "./api/use-patient";
import { useRevealPatient } from "./api/use-reveal-patient";
import { useUndoMerge } from "./api/use-undo-merge";
import { EditPatient } from "./components/edit-patient";
import { IDENTIFIER_WORDS } from "./lib/words";

// Revealed facts are covered again after this long.
const REVEAL_MS = 60_000;

export function Page() {
  const t = useT();
  const me = useMe();
  const { id = "" } = useParams();
  const patient = usePatient(id);
  const reveal = useRevealPatient(id);
  const [asking, setAsking] = useState(false);
  const [editing, setEditing] = useState(false);
  const [revealed, setRevealed] = useState<Revealed | null>(null);
  useEffect(() => {
    if (!revealed) return;
    const timer = setTimeout(() => setRevealed(null), REVEAL_MS);
    return () => clearTimeout(timer);
  }, [revealed]);
  if (patient.isError) return <ErrorState error={patient.error} onRetry={() => void patient.refetch()} />;
  if (!patient.data) return <LoadingState />;
  const p = patient.data;
  return (
    <>
      <PageHeader title={t("患者档案", "Patient record")} />
      <PatientBanner
        patient={p}
        extra={
          <>
            {can(me, "revealPatient") ? (
              <Button icon={<EyeOutlined />} onClick={() => (revealed ? setRevealed(null) : setAsking(true))}>
                {revealed ? t("遮盖", "Cover") : t("查看完整信息", "Reveal")}
              </Button>
            ) : null}
            {can(me, "editPatient") && !p.merged_into ? (
              <Button onClick={() => setEditing(true)}>{t("修改", "Edit")}</Button>
            ) : null}
            {can(me, "registerExam") && !p.merged_into ? (
              <Link to={`/ecg/new?patient=${p.id}`}>
                <Button type="primary" icon={<FormOutlined />}>
                  {t("新建心电检查", "New ECG exam")}
                </Button>
              </Link>
            ) : null}
          </>
        }
      />
      {p.merged_into ? (
        <Alert
          type="warning"
          showIcon
          style={{ marginTop: 12 }}
          title={
            <>
              {t("本档案已并入另一份档案。", "This record has been merged.")}{" "}
              <Link to={`/patients/${p.merged_into}`}>{t("打开保留的档案", "Open the surviving record")}</Link>
            </>
          }
        />
      ) : null}
      <div className="tm-panel" style={{ marginTop: 12, padding: "4px 16px 12px" }}>
        <Tabs
          items={[
            {
              key: "exams",
              label: t("心电检查", "ECG exams"),
              children: can(me, "listExams") ? (
                <ExamTable filter={{ patient_id: p.id }} hidePatient />
              ) : (
                <span className="tm-muted">{t("您没有查看检查的权限。", "You may not see exams.")}</span>
              ),
            },
            {
              key: "facts",
              label: t("基本信息", "Details"),
              children: (
                <Descriptions
                  size="small"
                  column={3}
                  items={[
                    {
                      key: "kind",
                      label: t("证件类型", "Kind of ID"),
                      children: t(...IDENTIFIER_WORDS[p.identifier_kind]),
                    },
                    {
                      key: "number",
                      label: t("证件号", "ID number"),
                      children: <Covered open={revealed?.identifier_number} masked={p.identifier_masked} />,
                    },
                    {
                      key: "phone",
                      label: t("电话", "Phone"),
                      children: <Covered open={revealed?.phone} masked={p.phone_masked} />,
                    },
                    {
                      key: "address",
                      label: t("现住址", "Address"),
                      span: 2,
                      children: <Covered open={revealed?.address} masked={p.address_masked} />,
                    },
                    { key: "ethnicity", label: t("民族", "Ethnicity"), children: p.ethnicity ?? "—" },
                    {
                      key: "mother",
                      label: t("母亲", "Mother"),
                      children: p.newborn_of ? (
                        <Link to={`/patients/${p.newborn_of.id}`}>{p.newborn_of.name}</Link>
                      ) : (
                        "—"
                      ),
                    },
                    { key: "organisation", label: t("建档机构", "Registered at"), children: p.organisation_name },
                    { key: "created", label: t("建档时间", "Registered"), children: dateTime(p.created_at) },
                    {
                      key: "note",
                      label: t("备注", "Note"),
                      span: 3,
                      children: <span className="tm-pre">{p.note ?? "—"}</span>,
                    },
                  ]}
                />
              ),
            },
            {
              key: "merges",
              label:
                p.absorbed.length > 0
                  ? t(`合并记录（${p.absorbed.length}）`, `Merges (${p.absorbed.length})`)
                  : t("合并记录", "Merges"),
              children: <MergeHistory patientId={p.id} mayUndo={can(me, "mergePatients")} />,
            },
          ]}
        />
      </div>
      <ReasonDialog
        minLength={4}
        open={asking}
        title={t("查看完整信息", "Reveal the personal facts")}
        explain={t(
          "姓名、证件号、电话和住址将显示一分钟。查看会记入审计日志。",
          "Shown for a minute. Looking is kept in the audit log.",
        )}
        okText={t("查看", "Reveal")}
        suggestions={[
          t("核对身份", "Checking identity"),
          t("联系患者", "Contacting the patient"),
          t("打印报告", "Printing the report"),
        ]}
        onCancel={() => setAsking(false)}
        onConfirm={async (reason) => {
          setRevealed(await reveal.mutateAsync(reason));
          setAsking(false);
        }}
      />
      {editing ? <EditPatient patient={p} onClose={() => setEditing(false)} /> : null}
      {revealed ? (
        <output
          className="tm-panel"
          style={{
            position: "fixed",
            right: 24,
            bottom: 24,
            padding: "12px 16px",
            zIndex: 5,
            boxShadow: "0 6px 20px rgb(0 0 0 / 15%)",
          }}
        >
          <b>{revealed.name}</b>　{revealed.identifier_number ?? "—"}
          <br />
          {revealed.phone ?? "—"}　{revealed.address ?? "—"}
        </output>
      ) : null}
    </>
  );
}

function Covered({ open, masked }: { open: string | null | undefined; masked: string | null }) {
  return <span className="tm-num">{open ?? masked ?? "—"}</span>;
}

function MergeHistory({ patientId, mayUndo }: { patientId: string; mayUndo: boolean }) {
  const t = useT();
  const { message } = App.useApp();
  const merges = useMerges(patientId);
  const undo = useUndoMerge();
  const [chosen, setChosen] = useState<Merge | null>(null);
  if (merges.isError) return <ErrorState error={merges.error} onRetry={() => void merges.refetch()} />;
  return (
    <>
      <Table<Merge>
        size="small"
        rowKey="id"
        loading={merges.isPending}
        pagination={false}
        dataSource={merges.data?.items}
        locale={{ emptyText: t("没有合并过其他档案。", "Nothing has been merged into this record.") }}
        columns={[
          {
            title: t("并入的档案", "Absorbed record"),
            render: (_, m) => (
              <Link
                to={`/patients/${m.absorbed.id}`}
              >{`${m.absorbed.name} ${m.absorbed.identifier_masked ?? ""}`}</Link>
            ),
          },
          { title: t("原因", "Reason"), dataIndex: "reason" },
          { title: t("操作人", "By"), dataIndex: "by_name" },
          { title: t("时间", "At"), render: (_, m) => dateTime(m.at) },
          {
            title: t("状态", "State"),
            render: (_, m) =>
              m.undone_at ? (
                t(
                  `已撤销（${m.undone_by_name ?? ""} ${dateTime(m.undone_at)}）`,
                  `Undone (${m.undone_by_name ?? ""} ${dateTime(m.undone_at)})`,
                )
              ) : mayUndo ? (
                <Button size="small" danger onClick={() => setChosen(m)}>
                  {t("撤销合并", "Undo")}
                </Button>
              ) : (
                t("已合并", "Merged")
              ),
          },
        ]}
      />
      <ReasonDialog
        minLength={4}
        open={chosen !== null}
        title={t("撤销合并", "Undo the merge")}
        explain={t(
          "并入的档案将恢复为独立档案，它原有的检查也随之恢复。",
          "The absorbed record becomes independent again, with its own exams.",
        )}
        okText={t("撤销合并", "Undo the merge")}
        danger
        suggestions={[t("并非同一人", "Not the same person")]}
        onCancel={() => setChosen(null)}
        onConfirm={async (reason) => {
          if (!chosen) return;
          await undo.mutateAsync({ id: chosen.id, reason });
          setChosen(null);
          message.success(t("已撤销合并", "The merge is undone"));
        }}
      />
    </>
  );
}
