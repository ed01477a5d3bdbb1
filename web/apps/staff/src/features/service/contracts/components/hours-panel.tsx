import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, DatePicker, Form, Input, Modal } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { can } from "../../../../app/permissions";
import { OrganisationSelect } from "../../../ecg/components/organisation-select";
import { useMe } from "../../../session/session-context";
import { useHours, useSetHours } from "../api/use-hours";

/** Hours of institutions that have their own: they decide whether a call falls into working time. */
export function HoursPanel() {
  const t = useT();
  const me = useMe();
  const hours = useHours();
  const [editing, setEditing] = useState(false);
  if (hours.isError) return <ErrorState error={hours.error} onRetry={() => void hours.refetch()} />;
  if (!hours.data) return <LoadingState rows={6} />;
  return (
    <section className="service-panel">
      <div style={{ display: "flex", alignItems: "center", gap: 8, marginBottom: 8 }}>
        <span className="tm-muted">
          {t(
            "响应时限按机构作息区分：工作时间15分钟，其他时间30分钟。没有单列的机构按合同 08:00–17:30。",
            "Response limits follow the institution's hours; others use the contract's 08:00–17:30.",
          )}
        </span>
        {can(me, "confirmTickets") ? (
          <Button style={{ marginInlineStart: "auto" }} onClick={() => setEditing(true)}>
            {t("设置机构作息", "Set hours")}
          </Button>
        ) : null}
      </div>
      <table className="service-table">
        <thead>
          <tr>
            <th>{t("机构", "Institution")}</th>
            <th>{t("自", "From")}</th>
            <th>{t("平时", "Usual")}</th>
            <th>{t("季节", "Seasons")}</th>
            <th>{t("设置人", "Set by")}</th>
          </tr>
        </thead>
        <tbody>
          {hours.data.length === 0 ? (
            <tr>
              <td colSpan={5} className="tm-muted">
                {t("所有机构都按合同作息。", "Every institution uses the contract's hours.")}
              </td>
            </tr>
          ) : null}
          {hours.data.map((entry) => (
            <tr key={`${entry.organisation_id} ${entry.valid_from} ${entry.hours.usual.join()}`}>
              <td>{entry.organisation_name}</td>
              <td className="tm-num">{entry.valid_from}</td>
              <td className="tm-num">{entry.hours.usual.join("、")}</td>
              <td className="tm-num">
                {entry.hours.seasons.map((s) => `${s.from}~${s.to} ${s.hours.join("、")}`).join("；") || "—"}
              </td>
              <td>{entry.made_by_name}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {editing ? <HoursDialog close={() => setEditing(false)} /> : null}
    </section>
  );
}

interface Fields {
  organisation_id: string;
  valid_from: Dayjs;
  usual: string;
  summer?: string;
  from?: string;
  to?: string;
}

function parts(text: string): string[] {
  return text.split(/[,，、;；\s]+/).filter(Boolean);
}

function HoursDialog({ close }: { close: () => void }) {
  const t = useT();
  const [form] = Form.useForm<Fields>();
  const set = useSetHours();
  const [error, setError] = useState<unknown>(null);
  const required = [{ required: true, message: t("必填", "Required") }];
  const send = async (values: Fields) => {
    setError(null);
    try {
      await set.mutateAsync({
        organisation_id: values.organisation_id,
        valid_from: values.valid_from.format("YYYY-MM-DD"),
        hours: {
          usual: parts(values.usual),
          seasons:
            values.summer && values.from && values.to
              ? [{ from: values.from, to: values.to, hours: parts(values.summer) }]
              : [],
        },
      });
      close();
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <Modal
      open
      title={t("设置机构作息", "Set hours")}
      onCancel={close}
      okText={t("保存并重算", "Save and compute anew")}
      okButtonProps={{ loading: set.isPending }}
      onOk={() => form.submit()}
    >
      {error ? <ErrorState error={error} /> : null}
      <Form
        form={form}
        layout="vertical"
        onFinish={(values) => void send(values)}
        initialValues={{ valid_from: dayjs(), usual: "08:00-11:30 14:00-17:30", from: "06-01", to: "09-30" }}
      >
        <Form.Item name="organisation_id" label={t("机构", "Institution")} rules={required}>
          <Picker />
        </Form.Item>
        <Form.Item name="valid_from" label={t("自何日起", "From")} rules={required}>
          <DatePicker style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item
          name="usual"
          label={t("平时作息", "Usual hours")}
          rules={required}
          help={t("用空格分开，例如 08:00-11:30 14:00-17:30", "Separated by spaces")}
        >
          <Input />
        </Form.Item>
        <Form.Item name="summer" label={t("季节作息（可空）", "Seasonal hours")} style={{ marginTop: 8 }}>
          <Input placeholder="08:00-11:30 14:30-18:00" />
        </Form.Item>
        <div style={{ display: "grid", gridTemplateColumns: "1fr 1fr", gap: 12 }}>
          <Form.Item name="from" label={t("季节自（月-日）", "Season from")}>
            <Input />
          </Form.Item>
          <Form.Item name="to" label={t("季节至", "Season to")}>
            <Input />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}

function Picker(props: { value?: string; onChange?: (value: string | undefined) => void }) {
  const t = useT();
  return (
    <OrganisationSelect
      value={props.value}
      onChange={(value) => props.onChange?.(value)}
      width="100%"
      placeholder={t("选择机构", "Choose")}
    />
  );
}
