import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, ErrorBlock } from "antd-mobile";

export function PageFailed() {
  const t = useT();
  return (
    <ErrorBlock
      fullPage
      status="default"
      title={t("页面没有打开", "This page did not open")}
      description={t("请刷新重试", "Reload and try again")}
    >
      <Button color="primary" onClick={() => window.location.reload()}>
        {t("刷新", "Reload")}
      </Button>
    </ErrorBlock>
  );
}
