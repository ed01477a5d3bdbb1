import type { Attendance, AttendanceKind, AttendanceStep } from "@tianmu/api/wire";
import { type DataColumn, DataTable } from "@tianmu/ui/data-table";
import { ErrorState } from "@tianmu/ui/error-state";
import { dateTime, day } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, DatePicker, Form, Input, Modal, Radio, Select, Tag } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { Link } from "react-router";
import { StepButtons } from "../../components/step-buttons";
import { yuan } from "../../lib/money";
import { useFilters } from "../../lib/use-filters";
import { useAttendance } from "../api/use-attendance";
import { useAttendanceStep } from "../api/use-attendance-step";
import { useRecordAttendance } from "../api/use-record-attendance";
import { useTeam } from "../api/use-team";
import { ATTENDANCE_HELP, ATTENDANCE_WORDS } from "../lib/words";

/** Leave, and what went wrong, with its fine. */
export function AttendancePanel() {
  const t = useT();
  const [params, set] = useFilters();
  const [recording, setRecording] = useState(false);
  const team = useTeam().data ?? [];
  const from = params.get("from") ?? undefined;
  const to = params.get("to") ?? undefined;
  const list = useAttendance({ engineer_id: params.get("person") ?? undefined, from, to });
  const columns: DataColumn<Attendance>[] = [
    {
      key: "day",
      title: t("日期", "Day"),
      width: 110,
      render: (r) => <span className="tm-num">{r.day}</span>,
      text: (r) => r.day,
    },
    {
      key: "who",
      title: t("人员", "Person"),
      width: 100,
      render: (r) => r.engineer_name,
      text: (r) => r.engineer_name,
    },
    {
      key: "kind",
      title: t("事项", "What"),
      width: 170,
      render: (r) => <span className={r.voided ? "service-struck" : ""}>{t(...ATTENDANCE_WORDS[r.kind])}</span>,
      text: (r) => t(...ATTENDANCE_WORDS[r.kind]),
    },
    {
      key: "evidence",
      title: t("依据", "Evidence"),
      ellipsis: true,
      render: (r) => r.evidence,
      text: (r) => r.evidence,
    },
    {
      key: "amount",
      title: t("违约金（元）", "Fine (yuan)"),
      width: 150,
      align: "right",
      render: (r) =>
        r.voided ? (
          <Tag>{t("已撤销", "Taken back")}</Tag>
        ) : r.needs_choice ? (
          <span className="service-late">{t("待选定金额", "to be chosen")}</span>
        ) : r.penalty_id ? (
          <Link to={`/service/settlement?penalty=${r.penalty_id}`} className="tm-num">
            {yuan(r.amount_cents)}
          </Link>
        ) : (
          "—"
        ),
      text: (r) => (r.voided ? 0 : r.amount_cents / 100),
    },
    {
      key: "by",
      title: t("登记", "Recorded"),
      width: 190,
      render: (r) => (
        <span className="tm-muted" title={r.void_reason ?? undefined}>
          {r.recorded_by_name} {dateTime(r.recorded_at)}
        </span>
      ),
      text: (r) => `${r.recorded_by_name} ${dateTime(r.recorded_at)}`,
    },
    { key: "steps", title: "", width: 170, align: "right", render: (r) => <Steps record={r} /> },
  ];
  return (
    <>
      <div className="service-filters">
        <Select
          allowClear
          aria-label={t("人员", "Person")}
          placeholder={t("全部人员", "Everybody")}
          value={params.get("person") ?? undefined}
          onChange={(value: string | undefined) => set({ person: value })}
          style={{ width: 140 }}
          options={team.map((each) => ({ value: each.id, label: each.name }))}
        />
        <DatePicker.RangePicker
          aria-label={t("期间", "Period")}
          value={from && to ? [dayjs(from), dayjs(to)] : null}
          onChange={(range) => set({ from: range?.[0]?.format("YYYY-MM-DD"), to: range?.[1]?.format("YYYY-MM-DD") })}
        />
        <Button type="primary" style={{ marginInlineStart: "auto" }} onClick={() => setRecording(true)}>
          {t("登记考勤", "Record")}
        </Button>
      </div>
      <DataTable
        list={list}
        columns={columns}
        rowKey={(r) => r.id}
        label={t("考勤", "Attendance")}
        exportName="attendance"
        scrollX={980}
        empty={t("没有考勤记录。", "Nothing recorded.")}
      />
      {recording ? <RecordDialog close={() => setRecording(false)} /> : null}
    </>
  );
}

function Steps({ record }: { record: Attendance }) {
  const t = useT();
  const step = useAttendanceStep(record.id);
  return (
    <span style={{ display: "inline-flex", gap: 6 }}>
      <StepButtons
        allowed={record.allowed_actions}
        take={(body) => step.mutateAsync(body as AttendanceStep)}
        steps={[
          {
            name: "choose",
            label: t("选定金额", "Choose"),
            primary: true,
            explain: t(
              "附件1 1.3.2-7：100 至 300 元，由人按情节选定并说明理由。",
              "Annex 1, 1.3.2-7: 100 to 300 yuan, chosen by a person with the reason.",
            ),
            fields: [
              { name: "amount_cents", label: t("金额", "Amount"), kind: "yuan", required: true },
              { name: "reason", label: t("理由", "Why"), kind: "text", required: true },
            ],
          },
          {
            name: "void",
            label: t("撤销", "Take back"),
            danger: true,
            explain: t("违约金以冲销分录抵消，记录保留。", "The fine is countered; the record stays."),
            fields: [{ name: "reason", label: t("理由", "Why"), kind: "text", required: true }],
          },
        ]}
      />
    </span>
  );
}

function RecordDialog({ close }: { close: () => void }) {
  const t = useT();
  const record = useRecordAttendance();
  const team = useTeam().data ?? [];
  const [form] = Form.useForm();
  const kind = (Form.useWatch("kind", form) as AttendanceKind | undefined) ?? "leave_filed";
  const required = [{ required: true, message: t("必填", "Required") }];
  return (
    <Modal
      open
      title={t("登记考勤", "Record attendance")}
      onCancel={close}
      okText={t("登记", "Record")}
      okButtonProps={{ loading: record.isPending }}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ kind: "leave_filed", day: dayjs(day(Date.now())) }}
        onFinish={(values) => record.mutate({ ...values, day: values.day.format("YYYY-MM-DD") }, { onSuccess: close })}
      >
        <Form.Item name="engineer_id" label={t("人员", "Person")} rules={required}>
          <Select
            showSearch={{ optionFilterProp: "label" }}
            options={team.filter((each) => each.active).map((each) => ({ value: each.id, label: each.name }))}
          />
        </Form.Item>
        <Form.Item name="kind" label={t("事项", "What")} help={t(...ATTENDANCE_HELP[kind])} rules={required}>
          <Radio.Group
            options={Object.entries(ATTENDANCE_WORDS).map(([value, words]) => ({ value, label: t(...words) }))}
          />
        </Form.Item>
        <Form.Item name="day" label={t("日期", "Day")} rules={required}>
          <DatePicker style={{ width: "100%" }} allowClear={false} />
        </Form.Item>
        <Form.Item
          name="evidence"
          label={t("依据", "Evidence")}
          help={t(
            "如：请假单编号、考勤机记录、通话记录时间",
            "Such as the number of the request, the time of the call",
          )}
          rules={required}
        >
          <Input.TextArea rows={3} maxLength={500} showCount />
        </Form.Item>
      </Form>
      {record.isError ? <ErrorState error={record.error} /> : null}
    </Modal>
  );
}
