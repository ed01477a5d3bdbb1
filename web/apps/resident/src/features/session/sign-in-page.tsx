import { type ApiError, asApiError } from "@tianmu/api/problem";
import type { Me } from "@tianmu/api/wire";
import { dateTime } from "@tianmu/ui/lib/time";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { setLang } from "@tianmu/ui/lib/lang";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { Button, Input } from "antd-mobile";
import { type FormEvent, useState } from "react";
import { useAbout } from "./api/use-about";
import { useSignIn } from "./api/use-sign-in";

export function SignInPage({ onSignedIn }: { onSignedIn: (me: Me) => void }) {
  const t = useT();
  const lang = useLang();
  const words = useErrorText();
  const signIn = useSignIn();
  const about = useAbout();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [needsCode, setNeedsCode] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const demo = about.data?.demo
    ? (about.data.demo_accounts ?? []).filter((account) => account.kind === "resident")
    : [];
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    try {
      onSignedIn(await signIn.mutateAsync({ login_name: login.trim(), password, totp_code: code.trim() || undefined }));
    } catch (caught) {
      const failure = asApiError(caught);
      if (failure.code === "totp_required") setNeedsCode(true);
      else setError(failure);
    }
  };
  const until = error?.code === "account_locked" ? error.param<string>("until") : undefined;
  return (
    <div className="sign-in">
      <header className="sign-in-top">
        <img src="/resident/icon.svg" alt="" width={52} height={52} />
        <div>
          <h1>{t("天目健康", "Tianmu Health")}</h1>
          <p>{t("查看本人的检查报告", "Your own examination reports")}</p>
        </div>
      </header>
      <form className="sign-in-body" onSubmit={(event) => void submit(event)}>
        <div className="field">
          <label htmlFor="login">{t("手机号或登录名", "Mobile number or login name")}</label>
          <Input id="login" value={login} onChange={setLogin} autoComplete="username" clearable maxLength={64} />
        </div>
        <div className="field">
          <label htmlFor="password">{t("密码", "Password")}</label>
          <Input
            id="password"
            type="password"
            value={password}
            onChange={setPassword}
            autoComplete="current-password"
            clearable
            maxLength={128}
          />
        </div>
        {needsCode ? (
          <div className="field">
            <label htmlFor="code">{t("动态验证码", "One-time code")}</label>
            <Input
              id="code"
              value={code}
              onChange={setCode}
              inputMode="numeric"
              maxLength={6}
              autoComplete="one-time-code"
            />
          </div>
        ) : null}
        {error ? (
          <div className="problem" role="alert">
            {words(error).text}
            {until ? <div>{t(`${dateTime(until)} 后可再试`, `Try again after ${dateTime(until)}`)}</div> : null}
          </div>
        ) : null}
        <Button
          type="submit"
          block
          color="primary"
          size="large"
          loading={signIn.isPending}
          disabled={!login.trim() || !password}
        >
          {t("登录", "Sign in")}
        </Button>
        <p className="muted" style={{ textAlign: "center" }}>
          {t("没有账号？就诊时请卫生院工作人员为您开通。", "No account? Ask at your health centre.")}
        </p>
        {demo.length > 0 ? (
          <section aria-label={t("演示账号", "Demo accounts")} className="card" style={{ background: "#f5f8fb" }}>
            <h2>{t("演示账号", "Demo accounts")}</h2>
            {demo.map((account) => (
              <Button
                key={account.login_name}
                block
                size="middle"
                style={{ marginBottom: 8 }}
                onClick={() => {
                  setLogin(account.login_name);
                  setPassword(account.password);
                }}
              >
                {lang === "zh" ? account.title_zh : account.title_en}
              </Button>
            ))}
          </section>
        ) : null}
        <div style={{ textAlign: "center" }}>
          <Button fill="none" size="small" onClick={() => setLang(lang === "zh" ? "en" : "zh")}>
            {lang === "zh" ? "English" : "中文"}
          </Button>
        </div>
      </form>
    </div>
  );
}
