import { useT } from "@tianmu/ui/lib/use-lang";
import { Button } from "antd";
import { useRouteError } from "react-router";

/** A page that could not be loaded or broke: most often a new version was installed while this page was open. */
export function RouteError() {
  const t = useT();
  const error = useRouteError();
  const chunk = error instanceof Error && /dynamically imported module|Importing a module/.test(error.message);
  return (
    <div role="alert" style={{ textAlign: "center", margin: "15vh auto", maxWidth: 420 }}>
      <h1 style={{ fontSize: 20 }}>
        {chunk ? t("页面需要更新", "This page must be reloaded") : t("页面出错了", "This page failed")}
      </h1>
      <p className="tm-muted">
        {chunk
          ? t(
              "系统可能刚刚升级，或网络中断。",
              "A new version may have been installed, or the network was interrupted.",
            )
          : t("刷新后重试；若仍出现，请联系运维人员。", "Reload and try again; contact support if it persists.")}
      </p>
      <Button type="primary" onClick={() => window.location.reload()}>
        {t("刷新页面", "Reload")}
      </Button>
    </div>
  );
}
