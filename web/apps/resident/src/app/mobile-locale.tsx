import { useLang } from "@tianmu/ui/lib/use-lang";
import { ConfigProvider } from "antd-mobile";
import enUS from "antd-mobile/es/locales/en-US";
import zhCN from "antd-mobile/es/locales/zh-CN";
import type { ReactNode } from "react";

export function MobileLocale({ children }: { children: ReactNode }) {
  const lang = useLang();
  return <ConfigProvider locale={lang === "zh" ? zhCN : enUS}>{children}</ConfigProvider>;
}
