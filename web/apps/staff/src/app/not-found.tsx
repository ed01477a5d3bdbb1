import { EmptyState } from "@tianmu/ui/empty-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { PageHeader } from "@tianmu/ui/page-header";
import { Link } from "react-router";

export function Page() {
  const t = useT();
  return (
    <>
      <PageHeader title={t("没有这个页面", "No such page")} />
      <EmptyState
        text={t(
          "地址可能写错了，或您的账号没有可用的功能。",
          "The address may be wrong, or your account has no function here.",
        )}
        action={<Link to="/">{t("回到首页", "Home")}</Link>}
      />
    </>
  );
}
