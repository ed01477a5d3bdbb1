import { LockOutlined, UserOutlined } from "@ant-design/icons";
import { type ApiError, asApiError } from "@tianmu/api/problem";
import type { Me } from "@tianmu/api/wire";
import { countdown } from "@tianmu/ui/lib/time";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { useNow } from "@tianmu/ui/lib/use-now";
import { Alert, Button, Form, Input, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { LanguageSwitch } from "../../app/language-switch";
import { type SignInInput, useSignIn } from "./api/use-sign-in";
import { DemoAccounts } from "./demo-accounts";
import "./sign-in-page.css";

interface SignInPageProps {
  onSignedIn: (me: Me) => void;
  /** The login name of the person whose session ended here. */
  again?: string;
}

export function SignInPage({ onSignedIn, again }: SignInPageProps) {
  const t = useT();
  const words = useErrorText();
  const signIn = useSignIn();
  const [form] = Form.useForm<SignInInput>();
  const [needsCode, setNeedsCode] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const codeInput = useRef<InputRef>(null);
  useEffect(() => {
    document.title = t("登录 · 天目", "Sign in · Tianmu");
  }, [t]);
  useEffect(() => {
    if (needsCode) codeInput.current?.focus();
  }, [needsCode]);

  const submit = async (input: SignInInput) => {
    setError(null);
    try {
      onSignedIn(
        await signIn.mutateAsync({
          ...input,
          login_name: input.login_name.trim(),
          totp_code: input.totp_code?.trim() || undefined,
        }),
      );
    } catch (caught) {
      const failure = asApiError(caught);
      if (failure.code === "totp_required") setNeedsCode(true);
      else setError(failure);
      if (failure.code === "totp_invalid") form.resetFields(["totp_code"]);
    }
  };
  const until = error?.code === "account_locked" ? error.param<string>("until") : undefined;
  return (
    <div className="sign-in">
      <div className="sign-in-lang">
        <LanguageSwitch />
      </div>
      <main className="sign-in-box">
        <section className="sign-in-form">
          <div className="sign-in-brand">
            <img src="/tianmu.svg" alt="" width={40} height={40} />
            <div>
              <h1>{t("天目", "Tianmu")}</h1>
              <p>{t("区域智慧医疗平台", "Regional healthcare platform")}</p>
            </div>
          </div>
          {again ? (
            <Alert
              type="info"
              showIcon
              style={{ marginBottom: 12 }}
              title={t(
                "登录已结束，请重新登录。您刚才的页面和未保存的内容都还在。",
                "Your session has ended. Sign in again: your page and unsaved work are still here.",
              )}
            />
          ) : null}
          <Form<SignInInput>
            form={form}
            layout="vertical"
            requiredMark={false}
            onFinish={submit}
            initialValues={{ login_name: again }}
            onValuesChange={(changed: Partial<SignInInput>) => {
              if ("login_name" in changed) setNeedsCode(false);
            }}
          >
            <Form.Item
              name="login_name"
              label={t("登录名", "Login name")}
              rules={[{ required: true, whitespace: true, message: t("请输入登录名", "Enter your login name") }]}
            >
              <Input size="large" prefix={<UserOutlined />} autoComplete="username" autoFocus={!again} maxLength={64} />
            </Form.Item>
            <Form.Item
              name="password"
              label={t("密码", "Password")}
              rules={[{ required: true, message: t("请输入密码", "Enter your password") }]}
            >
              <Input.Password
                size="large"
                prefix={<LockOutlined />}
                autoComplete="current-password"
                autoFocus={!!again}
                maxLength={256}
              />
            </Form.Item>
            {needsCode ? (
              <Form.Item
                name="totp_code"
                label={t("动态验证码", "One-time code")}
                extra={t("打开手机上的身份验证器，输入 6 位数字", "Open your authenticator app and enter the 6 digits")}
                rules={[{ required: true, pattern: /^\d{6}$/, message: t("请输入 6 位数字", "Enter 6 digits") }]}
              >
                <Input size="large" ref={codeInput} inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
              </Form.Item>
            ) : null}
            {error ? (
              <Alert
                role="alert"
                type="error"
                showIcon
                style={{ marginBottom: 16 }}
                title={words(error).text}
                description={until ? <LockedUntil until={until} /> : undefined}
              />
            ) : null}
            <Button type="primary" size="large" htmlType="submit" block loading={signIn.isPending}>
              {t("登录", "Sign in")}
            </Button>
          </Form>
        </section>
        <DemoAccounts
          onPick={(account) => {
            setError(null);
            setNeedsCode(false);
            form.setFieldsValue({ login_name: account.login_name, password: account.password, totp_code: undefined });
          }}
        />
      </main>
    </div>
  );
}

function LockedUntil({ until }: { until: string }) {
  const t = useT();
  const leftS = Math.ceil((Date.parse(until) - useNow()) / 1000);
  return leftS > 0
    ? t(
        `${countdown(leftS)} 后可再试，或请管理员解锁。`,
        `Try again in ${countdown(leftS)}, or ask an administrator to unlock it.`,
      )
    : t("现在可以再试了。", "You can try again now.");
}
