import { useT } from "@tianmu/ui/lib/use-lang";
import { PlainCard } from "./plain-card";
import { useSession } from "./session-context";
import { TotpEnrol } from "./totp-enrol";

export function ForcedTotp() {
  const t = useT();
  const { refresh } = useSession();
  return (
    <PlainCard
      title={t("绑定动态验证码", "Enrol a second factor")}
      explain={t(
        "管理员账号登录须使用动态验证码（第二因素）。",
        "Administrator accounts sign in with a one-time code.",
      )}
    >
      <TotpEnrol onDone={() => void refresh()} />
    </PlainCard>
  );
}
