import { ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import type { ReactNode } from "react";
import { useLang } from "./lib/use-lang";
import "./theme.css";

/** Colours with a meaning, used by name everywhere. */
export const palette = {
  primary: "#0b63a5",
  stat: "#cf1322",
  urgent: "#d46b08",
  routine: "#5b6b7b",
  good: "#237804",
  headerBack: "#0d2f4f",
} as const;

export function AppTheme({ children }: { children: ReactNode }) {
  const lang = useLang();
  dayjs.locale(lang === "zh" ? "zh-cn" : "en");
  return (
    <ConfigProvider
      locale={lang === "zh" ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
      theme={{
        token: {
          colorPrimary: palette.primary,
          colorError: palette.stat,
          colorWarning: palette.urgent,
          colorSuccess: palette.good,
          colorLink: palette.primary,
          colorSuccessBg: "#f3faf0",
          colorSuccessBorder: "#b7dca6",
          colorWarningBg: "#fff8ec",
          colorErrorBg: "#fff2f0",
          borderRadius: 4,
          fontFamily: '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",system-ui,sans-serif',
          colorBgLayout: "#f2f5f8",
        },
        components: {
          Layout: { headerBg: palette.headerBack, headerHeight: 48, headerPadding: "0 16px", siderBg: "#ffffff" },
          Menu: { itemHeight: 36, itemMarginInline: 6, subMenuItemBg: "#ffffff", itemSelectedBg: "#e4f0fa" },
          Table: { headerBg: "#f5f8fb", cellPaddingBlockSM: 6, headerSplitColor: "transparent" },
          Form: { itemMarginBottom: 16 },
          Descriptions: { itemPaddingBottom: 8 },
        },
      }}
    >
      {children}
    </ConfigProvider>
  );
}
