import type { ServiceContract } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { DatePicker, Form, Input, Modal, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { READING_WORDS } from "../../lib/words";
import { useAmendContract } from "../api/use-amend-contract";
import type { ContractBody } from "../contracts-page";
import { FIGURE_WORDS } from "../lib/words";

interface AmendDialogProps {
  contract: ServiceContract;
  body: ContractBody;
  close: () => void;
}

interface Fields {
  valid_from: Dayjs;
  note: string;
  term_end: Dayjs;
  readings: Record<string, string>;
  figure?: string;
  figure_value?: string;
}

/** A supplementary agreement: other readings, another end, another figure, from a day on. */
export function AmendDialog({ contract, body, close }: AmendDialogProps) {
  const t = useT();
  const [form] = Form.useForm<Fields>();
  const amend = useAmendContract(contract.id);
  const [error, setError] = useState<unknown>(null);
  const figure = Form.useWatch("figure", form);
  const required = [{ required: true, message: t("必填", "Required") }];
  const send = async (values: Fields) => {
    setError(null);
    const patch: Record<string, unknown> = {};
    const readings = Object.fromEntries(
      Object.entries(values.readings).filter(([name, value]) => body.readings[name] !== value),
    );
    if (Object.keys(readings).length > 0) patch.readings = readings;
    const end = values.term_end.format("YYYY-MM-DD");
    if (end !== body.term_end) patch.term_end = end;
    if (values.figure && values.figure_value) {
      const was = body.figures[values.figure];
      patch.figures = { [values.figure]: typeof was === "number" ? Number(values.figure_value) : values.figure_value };
    }
    try {
      await amend.mutateAsync({
        valid_from: values.valid_from.format("YYYY-MM-DD"),
        note: values.note,
        patch: patch as Record<string, never>,
        version: contract.version,
      });
      close();
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <Modal
      open
      width={640}
      title={t("补充协议（新版本）", "Amend (a new version)")}
      onCancel={close}
      okText={t("保存新版本", "Save the version")}
      okButtonProps={{ loading: amend.isPending }}
      onOk={() => form.submit()}
    >
      {error ? <ErrorState error={error} /> : null}
      <p style={{ marginTop: 0 }}>
        {t(
          "原版本不变；未了结的时限与违约金按新版本重新计算，新旧差异写入各自的过程记录。",
          "The old version stays; open limits and fines are computed anew and the differences are kept.",
        )}
      </p>
      <Form
        form={form}
        layout="vertical"
        onFinish={(values) => void send(values)}
        initialValues={{ valid_from: dayjs(), term_end: dayjs(body.term_end), readings: body.readings }}
      >
        <div style={{ display: "grid", gridTemplateColumns: "1fr 1fr", gap: "0 12px" }}>
          <Form.Item name="valid_from" label={t("自何日起适用", "Applies from")} rules={required}>
            <DatePicker style={{ width: "100%" }} />
          </Form.Item>
          <Form.Item name="term_end" label={t("服务期满日", "End of the term")} rules={required}>
            <DatePicker style={{ width: "100%" }} />
          </Form.Item>
          {Object.entries(READING_WORDS).map(([name, words]) => (
            <Form.Item key={name} name={["readings", name]} label={t(...words.name)}>
              <Select options={Object.entries(words.values).map(([value, text]) => ({ value, label: t(...text) }))} />
            </Form.Item>
          ))}
          <Form.Item name="figure" label={t("修改一个数值", "Change a figure")}>
            <Select
              allowClear
              showSearch={{ optionFilterProp: "label" }}
              options={Object.keys(body.figures).map((value) => ({
                value,
                label: t(...(FIGURE_WORDS[value] ?? [value, value])),
              }))}
            />
          </Form.Item>
          <Form.Item
            name="figure_value"
            label={
              figure
                ? t(`新值（现为 ${body.figures[figure]}）`, `New value (now ${body.figures[figure]})`)
                : t("新值", "New value")
            }
          >
            <Input disabled={!figure} />
          </Form.Item>
        </div>
        <Form.Item
          name="note"
          label={t("依据（补充协议、会议纪要、函件）", "Why: agreement, minutes, letter")}
          rules={required}
        >
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
