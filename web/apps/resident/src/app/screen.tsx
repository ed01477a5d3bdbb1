import { useT } from "@tianmu/ui/lib/use-lang";
import { NavBar } from "antd-mobile";
import { type ReactNode, useEffect } from "react";
import { useOnline } from "./use-online";

interface ScreenProps {
  title: string;
  onBack?: () => void;
  right?: ReactNode;
  foot?: ReactNode;
  children: ReactNode;
}

export function Screen({ title, onBack, right, foot, children }: ScreenProps) {
  const t = useT();
  const online = useOnline();
  useEffect(() => {
    document.title = `${title} · 天目健康`;
  }, [title]);
  return (
    <div className="screen">
      <NavBar
        className="screen-bar"
        backIcon={onBack ? undefined : false}
        back={onBack ? t("返回", "Back") : null}
        onBack={onBack}
        right={right}
      >
        <h1 style={{ font: "inherit", margin: 0 }}>{title}</h1>
      </NavBar>
      {online ? null : (
        <div className="offline">
          {t("没有网络。报告不会存在手机里，联网后才能查看。", "Offline. Reports are not kept on the phone.")}
        </div>
      )}
      <main className="screen-body">{children}</main>
      {foot ? <footer className="screen-foot">{foot}</footer> : null}
    </div>
  );
}
