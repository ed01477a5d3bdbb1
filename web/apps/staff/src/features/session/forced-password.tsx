import { useT } from "@tianmu/ui/lib/use-lang";
import { PasswordForm } from "./password-form";
import { PlainCard } from "./plain-card";
import { useSession } from "./session-context";

export function ForcedPassword() {
  const t = useT();
  const { refresh } = useSession();
  return (
    <PlainCard
      title={t("请先修改密码", "Change your password first")}
      explain={t(
        "初始密码只能用一次，或您的密码已到期。",
        "An initial or expired password must be changed before you go on.",
      )}
    >
      <PasswordForm onDone={() => void refresh()} />
    </PlainCard>
  );
}
