import { DownOutlined } from "@ant-design/icons";
import { ErrorState } from "@tianmu/ui/error-state";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button, DatePicker, Dropdown, Form, Input, InputNumber, Modal, Rate, Select, Switch } from "antd";
import type { Dayjs } from "dayjs";
import { type ReactNode, useState } from "react";
import { toCents } from "../lib/money";

/** A field of a step's form. */
export interface StepField {
  name: string;
  label: string;
  kind: "text" | "area" | "moment" | "date" | "yuan" | "integer" | "select" | "switch" | "stars" | "own";
  required?: boolean;
  help?: string;
  placeholder?: string;
  options?: { value: string; label: string }[];
  initial?: unknown;
  /** The control of kind `own`: takes `value` and `onChange`. */
  control?: ReactNode;
}

/** A step as a button: at once, or after a small form. */
export interface StepDefinition {
  /** As in `allowed_actions`. */
  name: string;
  label: string;
  primary?: boolean;
  danger?: boolean;
  /** Seldom needed: kept in the menu behind "more". */
  seldom?: boolean;
  /** What will happen, in a sentence. */
  explain?: ReactNode;
  fields?: StepField[];
  /** Particulars that are not asked for. */
  fixed?: Record<string, unknown>;
}

interface StepButtonsProps {
  steps: StepDefinition[];
  allowed: string[];
  /** Takes the step; its body is `{step, ...fields}`. */
  take: (body: Record<string, unknown>) => Promise<unknown>;
}

/** Buttons for the steps that the record allows now. */
export function StepButtons({ steps, allowed, take }: StepButtonsProps) {
  const { message } = App.useApp();
  const t = useT();
  const words = useErrorText();
  const [open, setOpen] = useState<StepDefinition | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const shown = steps.filter((step) => allowed.includes(step.name));
  const atOnce = async (step: StepDefinition) => {
    setBusy(step.name);
    try {
      await take({ step: step.name, ...step.fixed });
      message.success(t(`${step.label}：已完成`, `${step.label}: done`));
    } catch (error) {
      const { text, fields } = words(error);
      message.error(fields[0] ?? text);
    } finally {
      setBusy(null);
    }
  };
  const press = (step: StepDefinition) => (step.fields?.length || step.explain ? setOpen(step) : void atOnce(step));
  const seldom = shown.filter((step) => step.seldom);
  return (
    <>
      {shown
        .filter((step) => !step.seldom)
        .map((step) => (
          <Button
            key={step.label}
            type={step.primary ? "primary" : "default"}
            danger={step.danger}
            loading={busy === step.name}
            onClick={() => press(step)}
          >
            {step.label}
          </Button>
        ))}
      {seldom.length > 0 ? (
        <Dropdown
          trigger={["click"]}
          menu={{
            items: seldom.map((step) => ({
              key: step.label,
              label: step.label,
              danger: step.danger,
              onClick: () => press(step),
            })),
          }}
        >
          <Button icon={<DownOutlined />} iconPlacement="end">
            {t("更多", "More")}
          </Button>
        </Dropdown>
      ) : null}
      {open ? <StepDialog step={open} take={take} close={() => setOpen(null)} /> : null}
    </>
  );
}

interface StepDialogProps {
  step: StepDefinition;
  take: (body: Record<string, unknown>) => Promise<unknown>;
  close: () => void;
}

/** The form of a step. */
export function StepDialog({ step, take, close }: StepDialogProps) {
  const t = useT();
  const [form] = Form.useForm<Record<string, unknown>>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async (values: Record<string, unknown>) => {
    setBusy(true);
    setError(null);
    try {
      const body: Record<string, unknown> = { step: step.name, ...step.fixed };
      for (const field of step.fields ?? []) {
        const value = values[field.name];
        if (value === undefined || value === null || value === "") continue;
        if (field.kind === "moment") body[field.name] = (value as Dayjs).toISOString();
        else if (field.kind === "date") body[field.name] = (value as Dayjs).format("YYYY-MM-DD");
        else if (field.kind === "yuan") body[field.name] = toCents(value as string);
        else body[field.name] = value;
      }
      await take(body);
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
      title={step.label}
      width={520}
      onCancel={close}
      okText={step.label}
      okButtonProps={{ danger: step.danger, loading: busy }}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      {step.explain ? <p style={{ marginTop: 0 }}>{step.explain}</p> : null}
      <Form form={form} layout="vertical" onFinish={(values) => void send(values)}>
        {(step.fields ?? []).map((field) => (
          <Form.Item
            key={field.name}
            name={field.name}
            label={field.label}
            help={field.help}
            initialValue={field.initial}
            valuePropName={field.kind === "switch" ? "checked" : "value"}
            rules={[
              ...(field.required ? [{ required: true, message: t("必填", "Required") }] : []),
              ...(field.kind === "yuan"
                ? [
                    {
                      validator: (_: unknown, value: unknown) =>
                        !value || toCents(value as string) !== null
                          ? Promise.resolve()
                          : Promise.reject(new Error(t("金额不正确", "Not an amount"))),
                    },
                  ]
                : []),
            ]}
          >
            {input(field)}
          </Form.Item>
        ))}
      </Form>
      {error ? <ErrorState error={error} /> : null}
    </Modal>
  );
}

function input(field: StepField): ReactNode {
  switch (field.kind) {
    case "area":
      return <Input.TextArea rows={4} placeholder={field.placeholder} />;
    case "moment":
      return <DatePicker showTime={{ format: "HH:mm:ss" }} style={{ width: "100%" }} placeholder={field.placeholder} />;
    case "date":
      return <DatePicker style={{ width: "100%" }} />;
    case "integer":
      return <InputNumber precision={0} min={0} style={{ width: "100%" }} />;
    case "yuan":
      return <Input inputMode="decimal" suffix="元" placeholder={field.placeholder} />;
    case "select":
      return <Select options={field.options} placeholder={field.placeholder} />;
    case "switch":
      return <Switch />;
    case "stars":
      return <Rate />;
    case "own":
      return field.control;
    default:
      return <Input placeholder={field.placeholder} />;
  }
}
