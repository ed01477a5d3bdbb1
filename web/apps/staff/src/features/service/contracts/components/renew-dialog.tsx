import type { ServiceContract } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { DatePicker, Form, Input, Modal } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useRenewContract } from "../api/use-renew-contract";
import type { ContractBody } from "../contracts-page";

interface RenewDialogProps {
  contract: ServiceContract;
  body: ContractBody;
  close: () => void;
}

interface Fields {
  code: string;
  signed: Dayjs;
  term: [Dayjs, Dayjs];
  note: string;
}

/** The same terms for another time, as a contract of its own. */
export function RenewDialog({ contract, body, close }: RenewDialogProps) {
  const t = useT();
  const [form] = Form.useForm<Fields>();
  const renew = useRenewContract(contract.id);
  const [error, setError] = useState<unknown>(null);
  const required = [{ required: true, message: t("必填", "Required") }];
  const start = dayjs(body.term_end).add(1, "day");
  const send = async (values: Fields) => {
    setError(null);
    try {
      await renew.mutateAsync({
        code: values.code,
        signed: values.signed.format("YYYY-MM-DD"),
        term_start: values.term[0].format("YYYY-MM-DD"),
        term_end: values.term[1].format("YYYY-MM-DD"),
        note: values.note,
      });
      close();
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <Modal
      open
      title={t("续签合同", "Renew")}
      onCancel={close}
      okText={t("续签", "Renew")}
      okButtonProps={{ loading: renew.isPending }}
      onOk={() => form.submit()}
    >
      {error ? <ErrorState error={error} /> : null}
      <Form
        form={form}
        layout="vertical"
        onFinish={(values) => void send(values)}
        initialValues={{
          code: `liyang-${start.year()}`,
          signed: dayjs(),
          term: [start, start.add(1, "year").subtract(1, "day")],
        }}
      >
        <Form.Item name="code" label={t("合同编号", "Code")} rules={required}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="signed" label={t("签订日期", "Signed on")} rules={required}>
          <DatePicker style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name="term" label={t("服务期（首尾日均包含）", "Term (both days included)")} rules={required}>
          <DatePicker.RangePicker style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name="note" label={t("说明", "Note")} rules={required}>
          <Input maxLength={500} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
