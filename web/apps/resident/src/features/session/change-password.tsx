import { asApiError } from "@tianmu/api/problem";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Input } from "antd-mobile";
import { type FormEvent, useState } from "react";
import { Problem } from "../../app/problem";
import { useChangePassword } from "./api/use-change-password";
import { signOut } from "./api/sign-out";

/** Three fields and one button; the first password that was handed over must be changed here. */
export function ChangePassword({ forced, onDone }: { forced?: boolean; onDone: () => void }) {
  const t = useT();
  const change = useChangePassword();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [repeat, setRepeat] = useState("");
  const [error, setError] = useState<unknown>(null);
  const differs = repeat !== "" && next !== repeat;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    try {
      await change.mutateAsync({ current_password: current, new_password: next });
      onDone();
    } catch (caught) {
      setError(asApiError(caught));
    }
  };
  return (
    <form className="sign-in-body" onSubmit={(event) => void submit(event)} style={{ maxWidth: 480, margin: "0 auto" }}>
      {forced ? (
        <h1 style={{ fontSize: "var(--text-title)" }}>{t("请先修改密码", "Change your password first")}</h1>
      ) : null}
      <div className="field">
        <label htmlFor="current">{t("当前密码", "Current password")}</label>
        <Input id="current" type="password" value={current} onChange={setCurrent} autoComplete="current-password" />
      </div>
      <div className="field">
        <label htmlFor="next">{t("新密码", "New password")}</label>
        <Input id="next" type="password" value={next} onChange={setNext} autoComplete="new-password" />
        <p className="muted">
          {t(
            "至少 10 个字符，含大写、小写、数字、符号中的三种",
            "At least 10 characters with three of: upper case, lower case, digits, symbols",
          )}
        </p>
      </div>
      <div className="field">
        <label htmlFor="repeat">{t("再输一遍新密码", "Repeat the new password")}</label>
        <Input id="repeat" type="password" value={repeat} onChange={setRepeat} autoComplete="new-password" />
        {differs ? <p style={{ color: "#a8071a" }}>{t("两次输入不一致", "The two do not agree")}</p> : null}
      </div>
      {error ? <Problem error={error} /> : null}
      <Button
        type="submit"
        block
        color="primary"
        size="large"
        loading={change.isPending}
        disabled={!current || !next || next !== repeat}
      >
        {t("修改密码", "Change password")}
      </Button>
      {forced ? (
        <Button block fill="none" style={{ marginTop: 8 }} onClick={() => void signOut()}>
          {t("退出登录", "Sign out")}
        </Button>
      ) : null}
    </form>
  );
}
