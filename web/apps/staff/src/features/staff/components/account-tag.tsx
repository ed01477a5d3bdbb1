import type { AccountBrief } from "@tianmu/api/wire";
import { useT } from "@tianmu/ui/lib/use-lang";
import { useNow } from "@tianmu/ui/lib/use-now";
import { Tag } from "antd";
import { accountState } from "../lib/account-state";

export function AccountTag({ account }: { account: AccountBrief | null }) {
  const t = useT();
  const now = useNow();
  switch (accountState(account, now)) {
    case "none":
      return <span className="tm-muted">{t("无账号", "None")}</span>;
    case "disabled":
      return <Tag color="default">{t("已停用", "Disabled")}</Tag>;
    case "locked":
      return <Tag color="red">{t("已锁定", "Locked")}</Tag>;
    case "active":
      return <Tag color="green">{t("正常", "Active")}</Tag>;
  }
}
