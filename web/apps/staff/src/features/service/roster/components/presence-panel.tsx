import { FilePdfOutlined } from "@ant-design/icons";
import type { Presence, PresenceDay, PresenceInput } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { ReasonDialog } from "@tianmu/ui/reason-dialog";
import { day } from "@tianmu/ui/lib/time";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button, DatePicker, Form, Input, Modal, Select, Tag, TimePicker } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useFilters } from "../../lib/use-filters";
import { usePresence } from "../api/use-presence";
import { usePresenceStep } from "../api/use-presence-step";
import { useSignInOnSite } from "../api/use-sign-in-on-site";
import { useTeam } from "../api/use-team";
import { MORNING_COLOURS, MORNING_WORDS } from "../lib/words";
import { MonthSwitch } from "./month-switch";

const clock = (at: string) => dayjs(at).format("HH:mm");

/** Who was on site when work began, day by day. */
export function PresencePanel() {
  const t = useT();
  const { message } = App.useApp();
  const words = useErrorText();
  const [params, set] = useFilters();
  const [recording, setRecording] = useState(false);
  const [gone, setGone] = useState<Presence | null>(null);
  const today = day(Date.now());
  const month = params.get("month") ?? today.slice(0, 7);
  const found = usePresence(month);
  const signIn = useSignInOnSite();
  const step = usePresenceStep();
  const data = found.data;
  const fail = (error: unknown) => {
    const { text, fields } = words(error);
    message.error(fields[0] ?? text);
  };
  const signOut = (id: string) =>
    step.mutate(
      { id, body: { step: "leave", at: null } },
      { onError: fail, onSuccess: () => message.success(t("已签退", "Signed out")) },
    );
  return (
    <>
      <div className="service-filters">
        <MonthSwitch month={month} set={(value) => set({ month: value })} />
        {data ? (
          <span style={{ alignSelf: "center" }}>
            {t(`按时有人 ${data.in_time} 天`, `in time ${data.in_time}`)}
            {" · "}
            <span className={data.late ? "service-late" : ""}>{t(`晚到 ${data.late} 天`, `late ${data.late}`)}</span>
            {" · "}
            <span className={data.nobody ? "service-late" : ""}>
              {t(`无人签到 ${data.nobody} 天`, `nobody ${data.nobody}`)}
            </span>
          </span>
        ) : null}
        <span style={{ marginInlineStart: "auto", display: "flex", gap: 8, flexWrap: "wrap" }}>
          <a href={`/api/v1/service/presence/${month}/pdf`} target="_blank" rel="noreferrer">
            <Button icon={<FilePdfOutlined />}>{t("签到表 PDF", "Sheet PDF")}</Button>
          </a>
          {data?.may_record ? (
            <Button onClick={() => setRecording(true)}>{t("补录", "Enter for another")}</Button>
          ) : null}
          {data?.open_id && month === today.slice(0, 7) ? (
            <Button loading={step.isPending} onClick={() => signOut(data.open_id ?? "")}>
              {t("签退", "Sign out")}
            </Button>
          ) : null}
          {data?.may_sign_in ? (
            <Button
              type="primary"
              loading={signIn.isPending}
              onClick={() =>
                signIn.mutate({}, { onError: fail, onSuccess: () => message.success(t("已签到", "Signed in")) })
              }
            >
              {t("到岗签到", "Sign in on site")}
            </Button>
          ) : null}
        </span>
      </div>
      {found.isError && !data ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : !data ? (
        <LoadingState rows={8} />
      ) : (
        <section className="service-panel" style={{ overflowX: "auto" }}>
          <table className="service-table" style={{ minWidth: 560 }}>
            <thead>
              <tr>
                <th style={{ width: 120, whiteSpace: "nowrap" }}>{t("日期", "Day")}</th>
                <th style={{ width: 70 }}>{t("上班", "Begins")}</th>
                <th style={{ width: 130 }}>{t("上班时", "How it began")}</th>
                <th>{t("签到人员", "Who was there")}</th>
              </tr>
            </thead>
            <tbody>
              {[...data.days].reverse().map((each) => (
                <DayRow key={each.day} day={each} mayVoid={data.may_record} remove={setGone} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <p className="tm-muted">
        {t(
          "附件1 1.3.2-1：每个工作日上班时至少一人驻场。签到只记当时；忘记签到由项目负责人或信息科补录并写明依据。到点无人签到会提醒双方。",
          "Annex 1, 1.3.2-1: somebody is on site when a working day begins. Signing in counts from that moment; what was forgotten is entered by the lead or the bureau, with the grounds.",
        )}
      </p>
      {recording ? (
        <RecordDialog
          close={() => setRecording(false)}
          save={(body) => signIn.mutateAsync(body).then((made) => set({ month: made.month }))}
        />
      ) : null}
      <ReasonDialog
        open={gone !== null}
        title={t("作废签到记录", "Void the entry")}
        explain={gone ? `${gone.engineer_name} ${clock(gone.came_at)}` : null}
        okText={t("作废", "Void")}
        danger
        onCancel={() => setGone(null)}
        onConfirm={async (reason) => {
          if (gone) await step.mutateAsync({ id: gone.id, body: { step: "void", reason } });
          setGone(null);
        }}
      />
    </>
  );
}

function DayRow({ day, mayVoid, remove }: { day: PresenceDay; mayVoid: boolean; remove: (one: Presence) => void }) {
  const t = useT();
  return (
    <tr>
      <td className="tm-num" style={{ whiteSpace: "nowrap" }}>
        {day.day}
      </td>
      <td className="tm-num" style={{ whiteSpace: "nowrap" }}>
        {day.off ? "" : clock(day.opens_at)}
      </td>
      <td>
        <Tag color={MORNING_COLOURS[day.state]}>{t(...MORNING_WORDS[day.state])}</Tag>
      </td>
      <td>
        {day.people.length === 0 ? <span className="tm-muted">—</span> : null}
        {day.people.map((one) => (
          <span
            key={one.id}
            className={one.voided ? "service-struck" : ""}
            title={one.void_reason ?? one.evidence ?? undefined}
            style={{ marginInlineEnd: 16, whiteSpace: "nowrap" }}
          >
            {one.engineer_name}{" "}
            <span className="tm-num">
              {clock(one.came_at)}–{one.left_at ? clock(one.left_at) : ""}
            </span>{" "}
            {one.place ? <span className="tm-muted">{one.place}</span> : null}
            {one.evidence ? (
              <span className="tm-muted">{t(`（${one.recorded_by_name}补录）`, ` (by ${one.recorded_by_name})`)}</span>
            ) : null}
            {mayVoid && !one.voided ? (
              <Button type="text" size="small" className="tm-muted" onClick={() => remove(one)}>
                {t("作废", "Void")}
              </Button>
            ) : null}
          </span>
        ))}
      </td>
    </tr>
  );
}

interface Fields {
  engineer_id: string;
  day: Dayjs;
  hours: [Dayjs, Dayjs | null];
  place?: string;
  evidence: string;
}

function RecordDialog({ close, save }: { close: () => void; save: (body: PresenceInput) => Promise<unknown> }) {
  const t = useT();
  const team = useTeam().data ?? [];
  const [form] = Form.useForm<Fields>();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const required = [{ required: true, message: t("必填", "Required") }];
  const send = async (values: Fields) => {
    const at = (time: Dayjs) =>
      values.day.hour(time.hour()).minute(time.minute()).second(0).millisecond(0).toISOString();
    setBusy(true);
    setError(null);
    try {
      const [came, left] = values.hours;
      await save({
        engineer_id: values.engineer_id,
        came_at: at(came),
        left_at: left ? at(left) : null,
        place: values.place ?? null,
        evidence: values.evidence,
      });
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
      title={t("补录驻场签到", "Enter who was on site")}
      onCancel={close}
      okText={t("登记", "Enter")}
      okButtonProps={{ loading: busy }}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ day: dayjs() }}
        onFinish={(values: Fields) => void send(values)}
      >
        <Form.Item name="engineer_id" label={t("人员", "Person")} rules={required}>
          <Select
            showSearch={{ optionFilterProp: "label" }}
            options={team.filter((each) => each.active).map((each) => ({ value: each.id, label: each.name }))}
          />
        </Form.Item>
        <Form.Item name="day" label={t("日期", "Day")} rules={required}>
          <DatePicker
            style={{ width: "100%" }}
            allowClear={false}
            disabledDate={(date) => date.isAfter(dayjs()) || date.isBefore(dayjs().subtract(31, "day"))}
          />
        </Form.Item>
        <Form.Item name="hours" label={t("到岗与离岗（离岗可空）", "From, until (may be empty)")} rules={required}>
          <TimePicker.RangePicker
            format="HH:mm"
            allowEmpty={[false, true]}
            needConfirm={false}
            order
            style={{ width: "100%" }}
          />
        </Form.Item>
        <Form.Item name="place" label={t("地点", "Place")}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item
          name="evidence"
          label={t("依据", "Grounds")}
          help={t("如：门禁记录、现场照片、当面见到", "Such as the record of the door")}
          rules={required}
        >
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
      </Form>
      {error ? <ErrorState error={error} /> : null}
    </Modal>
  );
}
