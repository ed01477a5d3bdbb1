import type { DutyPersonFile, DutyPersonStep, PersonRecord } from "@tianmu/api/wire";
import { EmptyState } from "@tianmu/ui/empty-state";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { dateTime } from "@tianmu/ui/lib/time";
import { type Translate, useT } from "@tianmu/ui/lib/use-lang";
import { Button, Descriptions, Drawer, Tag } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { AttachmentList } from "../../attachments/attachment-list";
import { type StepDefinition, StepButtons, StepDialog } from "../../components/step-buttons";
import { PersonSelect } from "../../people/person-select";
import { useDutyPerson } from "../api/use-duty-person";
import { useDutyPersonStep } from "../api/use-duty-person-step";
import { PERSON_MARKS, RECORD_KINDS } from "../lib/words";

/** One person of the provider with every record. */
export function PersonDrawer({ id, close }: { id: string; close: () => void }) {
  const t = useT();
  const person = useDutyPerson(id);
  return (
    <Drawer open onClose={close} size={720} title={person.data?.name ?? t("人员", "Person")}>
      {person.isError && !person.data ? (
        <ErrorState error={person.error} onRetry={() => void person.refetch()} />
      ) : !person.data ? (
        <LoadingState rows={6} />
      ) : (
        <Body person={person.data} t={t} />
      )}
    </Drawer>
  );
}

function Body({ person, t }: { person: DutyPersonFile; t: Translate }) {
  const step = useDutyPersonStep(person.id);
  const take = (body: Record<string, unknown>) => step.mutateAsync(body as DutyPersonStep);
  const [gone, setGone] = useState<PersonRecord | null>(null);
  const mayVoid = person.allowed_actions.includes("void_record");
  return (
    <>
      <Descriptions
        size="small"
        column={2}
        items={[
          { key: "post", label: t("岗位", "Post"), children: person.post },
          { key: "joined", label: t("进入项目", "Joined"), children: person.joined_on },
          {
            key: "left",
            label: t("离开项目", "Left"),
            children: person.left_on
              ? `${person.left_on} ${person.left_reason ?? ""}（${person.left_by_name ?? ""}）`
              : "—",
          },
          { key: "grants", label: t("有效权限", "Grants"), children: person.open_grants },
        ]}
      />
      <div style={{ margin: "8px 0" }}>
        {[...person.obstacles, ...person.warnings].map((code) => (
          <Tag key={code} color={person.warnings.includes(code) ? "orange" : "red"}>
            {t(...(PERSON_MARKS[code] ?? [code, code]))}
          </Tag>
        ))}
      </div>
      <div style={{ display: "flex", gap: 8, margin: "8px 0 16px", flexWrap: "wrap" }}>
        <StepButtons steps={definitions(person, t)} allowed={person.allowed_actions} take={take} />
      </div>
      <h2 style={{ fontSize: 14 }}>{t("记录", "Records")}</h2>
      {person.records.length === 0 ? (
        <EmptyState text={t("还没有记录。", "Nothing is recorded.")} />
      ) : (
        <table className="service-table">
          <thead>
            <tr>
              <th>{t("日期", "Day")}</th>
              <th>{t("类别", "Kind")}</th>
              <th>{t("内容", "What")}</th>
              <th>{t("结果", "Result")}</th>
              <th>{t("登记", "Recorded")}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {person.records.map((record) => (
              <tr key={record.id} className={record.voided_at ? "service-struck" : undefined}>
                <td className="tm-num" style={{ whiteSpace: "nowrap" }}>
                  {record.day}
                </td>
                <td style={{ whiteSpace: "nowrap" }}>{t(...(RECORD_KINDS[record.kind] ?? ["", ""]))}</td>
                <td>
                  {[record.topic, record.by_whom, record.reference].filter(Boolean).join(" · ")}
                  {record.duration_min ? t(` · ${record.duration_min} 分钟`, ` · ${record.duration_min} min`) : ""}
                  {record.voided_at ? (
                    <div>{t(`作废：${record.void_reason}`, `Voided: ${record.void_reason}`)}</div>
                  ) : null}
                </td>
                <td className={record.passed ? undefined : "service-late"}>
                  {record.kind === "confidentiality"
                    ? t("已签", "Signed")
                    : record.passed
                      ? t("合格", "Passed")
                      : t("不合格", "Failed")}
                </td>
                <td>
                  {record.recorded_by_name} <span className="tm-muted tm-num">{dateTime(record.recorded_at)}</span>
                </td>
                <td className="end">
                  {mayVoid && !record.voided_at ? (
                    <Button type="link" size="small" onClick={() => setGone(record)}>
                      {t("作废", "Void")}
                    </Button>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h2 style={{ fontSize: 14, marginTop: 16 }}>{t("附件（审查材料、协议、培训证明）", "Files")}</h2>
      <AttachmentList target={{ kind: "duty_person", id: person.id }} mayAdd={person.allowed_actions.length > 0} />
      {gone ? (
        <StepDialog
          step={{
            name: "void_record",
            label: t("作废记录", "Void the record"),
            danger: true,
            fixed: { record_id: gone.id },
            fields: [{ name: "reason", label: t("原因", "Reason"), kind: "area", required: true }],
          }}
          take={take}
          close={() => setGone(null)}
        />
      ) : null}
    </>
  );
}

function definitions(person: DutyPersonFile, t: Translate): StepDefinition[] {
  const day = { name: "day", label: t("日期", "Day"), kind: "date" as const, required: true, initial: dayjs() };
  const reference = { name: "reference", label: t("文件编号", "Number of the document"), kind: "text" as const };
  return [
    {
      name: "background",
      label: t("登记背景审查", "Background check"),
      fields: [
        day,
        { name: "passed", label: t("审查通过", "Passed"), kind: "switch", initial: true },
        { name: "checked_by", label: t("审查人或部门", "Checked by"), kind: "text", required: true },
        reference,
      ],
    },
    {
      name: "confidentiality",
      label: t("登记保密协议", "Confidentiality agreement"),
      fields: [
        { ...day, label: t("签署日期", "Signed on") },
        { name: "countersigned_by", label: t("对方签署人", "Countersigned by"), kind: "text", required: true },
        reference,
      ],
    },
    {
      name: "training",
      label: t("登记培训", "Training"),
      fields: [
        day,
        { name: "topic", label: t("内容", "Topic"), kind: "text", required: true },
        { name: "duration_min", label: t("时长（分钟）", "Minutes"), kind: "integer", required: true, initial: 60 },
        { name: "passed", label: t("考核合格", "Passed"), kind: "switch", initial: true },
        { name: "taught_by", label: t("授课人", "Taught by"), kind: "text", required: true },
        reference,
      ],
    },
    {
      name: "edit",
      label: t("修改", "Edit"),
      seldom: true,
      fields: [
        { name: "name", label: t("姓名", "Name"), kind: "text", required: true, initial: person.name },
        { name: "post", label: t("岗位", "Post"), kind: "text", required: true, initial: person.post },
        {
          name: "account_id",
          label: t("本系统账号", "Account here"),
          kind: "own",
          control: <PersonSelect />,
          initial: person.account_id ?? undefined,
        },
        {
          name: "joined_on",
          label: t("进入项目日期", "Joined on"),
          kind: "date",
          required: true,
          initial: dayjs(person.joined_on),
        },
      ],
    },
    {
      name: "leave",
      label: t("离开项目", "Leaves"),
      danger: true,
      seldom: true,
      explain: t(
        `登记离开后，其 ${person.open_grants} 项有效权限及未审批的申请全部收回，并须在目标系统中落实。`,
        `All ${person.open_grants} grants end and have to be carried out in the systems.`,
      ),
      fields: [
        { name: "on", label: t("离开日期", "On"), kind: "date", required: true, initial: dayjs() },
        { name: "reason", label: t("原因", "Reason"), kind: "area", required: true },
      ],
    },
  ];
}
