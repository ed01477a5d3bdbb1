import type { About } from "@tianmu/api/wire";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { useAbout } from "./api/use-about";

type DemoAccount = NonNullable<About["demo_accounts"]>[number];

/** Only an installation with demo data has these; a click fills in the form. */
export function DemoAccounts({ onPick }: { onPick: (account: DemoAccount) => void }) {
  const t = useT();
  const lang = useLang();
  const about = useAbout();
  if (!about.data?.demo || !about.data.demo_accounts?.length) return null;
  return (
    <section className="demo-accounts" aria-label={t("演示账号", "Demo accounts")}>
      <h2>{t("演示账号", "Demo accounts")}</h2>
      <p className="tm-muted" style={{ margin: "0 0 8px", fontSize: 12 }}>
        {t("本系统装的是演示数据。点一下即填入账号和密码。", "This installation holds demo data. Click to fill in.")}
      </p>
      {about.data.demo_accounts.map((account) => (
        <button key={account.login_name} type="button" className="demo-account" onClick={() => onPick(account)}>
          <span>{lang === "zh" ? account.title_zh : account.title_en}</span>
          <code>{account.login_name}</code>
        </button>
      ))}
    </section>
  );
}
