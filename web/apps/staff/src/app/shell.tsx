import { useLive } from "@tianmu/api/live";
import { apart } from "@tianmu/ui/apart";
import { AppFrame } from "@tianmu/ui/app-frame";
import { LoadingState } from "@tianmu/ui/loading-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Suspense } from "react";
import { Link, Outlet, useLocation, useNavigation } from "react-router";
import { useMe } from "../features/session/session-context";
import { LiveContext } from "./live-context";
import { useTraceDrawn } from "./trace-first";
import "./shell.css";

// Apart from the shell, so that a page with a trace, which has no side menu, can draw it first.
const SideMenu = apart(async () => (await import("./side-menu")).SideMenu);
const HeadTools = apart(async () => (await import("./head-tools")).HeadTools);

/** Reading a trace and filling in an inspection need the whole width: no side menu there. */
export function isWide(pathname: string): boolean {
  return pathname.startsWith("/ecg/read/") || /^\/service\/inspections\/[^/]+\/fill$/.test(pathname);
}

export function Shell() {
  return (
    <AppFrame>
      <ShellBody />
    </AppFrame>
  );
}

function ShellBody() {
  const me = useMe();
  const t = useT();
  const location = useLocation();
  const navigation = useNavigation();
  const live = useLive(true);
  const drawn = useTraceDrawn();
  const wide = isWide(location.pathname);
  const sideRoom = <div className="shell-side" />;
  return (
    <LiveContext value={live}>
      <div className="shell">
        <header className="shell-header">
          <Link to="/" className="shell-brand" aria-label={t("天目首页", "Tianmu home")}>
            <img src="/tianmu.svg" alt="" width={26} height={26} />
            <b>{t("天目", "Tianmu")}</b>
            <span>{t("区域智慧医疗", "Regional healthcare")}</span>
          </Link>
          <div className="shell-tools">
            <span className="shell-org" title={me.organisation?.name}>
              {me.organisation?.name ?? ""}
              {me.department ? ` · ${me.department}` : ""}
            </span>
            {drawn ? <HeadTools /> : null}
          </div>
        </header>
        {navigation.state === "loading" ? (
          <div className="shell-progress" role="progressbar" aria-label={t("加载中", "Loading")} />
        ) : null}
        <div className="shell-body">
          {wide ? null : drawn ? <SideMenu placeholder={sideRoom} /> : sideRoom}
          <main className={wide ? "shell-content shell-wide" : "shell-content"}>
            <Suspense fallback={<LoadingState />}>
              <Outlet />
            </Suspense>
          </main>
        </div>
      </div>
    </LiveContext>
  );
}
