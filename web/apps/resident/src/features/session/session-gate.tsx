import { onSessionLost } from "@tianmu/api/client";
import type { Me } from "@tianmu/api/wire";
import { useQueryClient } from "@tanstack/react-query";
import { DotLoading } from "antd-mobile";
import { type ReactNode, useEffect } from "react";
import { Problem } from "../../app/problem";
import { SESSION_KEY, useSessionQuery } from "./api/fetch-session";
import { ChangePassword } from "./change-password";
import { MeContext } from "./session-context";
import { SignInPage } from "./sign-in-page";

/** The address stays where it was when a session ends, so signing in again leads back to the same report. */
export function SessionGate({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const session = useSessionQuery();
  useEffect(
    () =>
      onSessionLost(() => {
        if (!queries.getQueryData(SESSION_KEY)) return;
        queries.removeQueries({
          predicate: (query) => query.queryKey[0] !== "session" && query.queryKey[0] !== "about",
        });
        queries.setQueryData(SESSION_KEY, null);
      }),
    [queries],
  );
  if (session.isPending) {
    return (
      <div style={{ display: "grid", placeItems: "center", height: "100%" }}>
        <DotLoading color="primary" />
      </div>
    );
  }
  if (session.isError) {
    return (
      <div style={{ padding: 16, paddingTop: "20vh" }}>
        <Problem error={session.error} onRetry={() => void session.refetch()} />
      </div>
    );
  }
  const me: Me | null = session.data;
  if (!me) return <SignInPage onSignedIn={(next) => queries.setQueryData(SESSION_KEY, next)} />;
  if (me.kind === "staff") {
    window.location.replace("/");
    return null;
  }
  if (me.must_change_password) return <ChangePassword forced onDone={() => void session.refetch()} />;
  return <MeContext value={me}>{children}</MeContext>;
}
