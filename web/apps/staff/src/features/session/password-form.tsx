import { fieldTexts } from "@tianmu/api/error-texts";
import { asApiError } from "@tianmu/api/problem";
import { ErrorState } from "@tianmu/ui/error-state";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useChangePassword } from "./api/use-change-password";
import { passwordWeakness } from "./password-rules";

interface Fields {
  current_password: string;
  new_password: string;
  repeat: string;
}

export function PasswordForm({ onDone }: { onDone: () => void }) {
  const t = useT();
  const lang = useLang();
  const change = useChangePassword();
  const [form] = Form.useForm<Fields>();
  const [error, setError] = useState<unknown>(null);
  const weakness: Record<string, string> = {
    too_short: t("至少 10 个字符", "At least 10 characters"),
    too_few_kinds: t("大写、小写、数字、符号中至少三种", "At least three of: upper case, lower case, digits, symbols"),
  };
  const submit = async (fields: Fields) => {
    setError(null);
    try {
      await change.mutateAsync({ current_password: fields.current_password, new_password: fields.new_password });
      onDone();
    } catch (caught) {
      const failure = asApiError(caught);
      if (failure.code === "login_failed") {
        form.setFields([
          { name: "current_password", errors: [t("当前密码不正确", "The current password is not right")] },
        ]);
      } else if (failure.code === "password_too_weak" && failure.problem.errors?.length) {
        form.setFields([
          {
            name: "new_password",
            errors: failure.problem.errors.map((each, i) => fieldTexts(failure, lang)[i] ?? each.detail),
          },
        ]);
      } else setError(failure);
    }
  };
  return (
    <Form<Fields> form={form} layout="vertical" requiredMark={false} onFinish={submit}>
      <Form.Item
        name="current_password"
        label={t("当前密码", "Current password")}
        rules={[{ required: true, message: t("请输入当前密码", "Enter it") }]}
      >
        <Input.Password autoComplete="current-password" autoFocus />
      </Form.Item>
      <Form.Item
        name="new_password"
        label={t("新密码", "New password")}
        extra={t(
          "至少 10 个字符，含大写字母、小写字母、数字、符号中的三种",
          "At least 10 characters with three of: upper case, lower case, digits, symbols",
        )}
        rules={[
          {
            validator: async (_, value: string | undefined) => {
              const weak = passwordWeakness(value ?? "");
              if (weak) throw new Error(weakness[weak]);
            },
          },
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="repeat"
        label={t("再输一遍新密码", "Repeat the new password")}
        dependencies={["new_password"]}
        rules={[
          {
            validator: async (_, value: string | undefined) => {
              if (value !== form.getFieldValue("new_password"))
                throw new Error(t("两次输入不一致", "The two do not agree"));
            },
          },
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      {error ? (
        <div style={{ marginBottom: 12 }}>
          <ErrorState error={error} />
        </div>
      ) : null}
      <Button type="primary" htmlType="submit" loading={change.isPending} block>
        {t("修改密码", "Change password")}
      </Button>
    </Form>
  );
}
