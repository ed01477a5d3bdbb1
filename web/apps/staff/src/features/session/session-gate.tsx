import { onSessionLost } from "@tianmu/api/client";
import type { Me } from "@tianmu/api/wire";
import { apart } from "@tianmu/ui/apart";
import { ErrorState } from "@tianmu/ui/error-state";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { useTraceDrawn } from "../../app/trace-first";
import { SESSION_KEY, fetchSession, useSessionQuery } from "./api/fetch-session";
import { signOut } from "./api/sign-out";
import { SessionContext } from "./session-context";

const SignInPage = lazy(async () => ({ default: (await import("./sign-in-page")).SignInPage }));
const IdleWatch = apart(async () => (await import("./idle-watch")).IdleWatch);
const ForcedPassword = lazy(async () => ({ default: (await import("./forced-password")).ForcedPassword }));
const ForcedTotp = lazy(async () => ({ default: (await import("./forced-totp")).ForcedTotp }));

/** A plain pulse: the first thing on screen must not wait for a library. */
export function Waiting() {
  return <div className="tm-waiting" role="progressbar" aria-label="加载中" />;
}

/**
 * Nothing is shown without a session. When the session ends while somebody works, the sign-in covers the screen and
 * the work under it stays as it was; another person who signs in there starts afresh.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const session = useSessionQuery();
  const [lost, setLost] = useState(false);
  const drawn = useTraceDrawn();
  const me = session.data ?? null;

  useEffect(
    () =>
      onSessionLost(() => {
        if (queries.getQueryData(SESSION_KEY)) setLost(true);
      }),
    [queries],
  );

  const refresh = useCallback(async () => {
    const next = await fetchSession();
    if (next) queries.setQueryData(SESSION_KEY, next);
    else setLost(true);
  }, [queries]);

  const leave = useCallback(async () => {
    await signOut().catch(() => undefined);
    // A fresh document leaves nothing of this person in memory.
    window.location.assign("/");
  }, []);

  const value = useMemo(() => (me ? { me, signOut: leave, refresh } : null), [me, leave, refresh]);

  if (session.isPending) return <Waiting />;
  if (session.isError) {
    return (
      <div style={{ maxWidth: 520, margin: "20vh auto" }}>
        <ErrorState error={session.error} onRetry={() => void session.refetch()} />
      </div>
    );
  }
  const accept = (next: Me) => {
    if (me && me.account_id !== next.account_id) {
      window.location.assign("/");
      return;
    }
    queries.setQueryData(SESSION_KEY, next);
    if (lost) {
      setLost(false);
      void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    }
  };
  if (!value || !me) {
    return (
      <Suspense fallback={<Waiting />}>
        <SignInPage onSignedIn={accept} />
      </Suspense>
    );
  }
  if (me.kind === "resident") {
    // Residents have their own app; this one has nothing for them.
    window.location.replace("/resident/");
    return null;
  }
  const inner = me.must_change_password ? (
    <ForcedPassword />
  ) : me.totp_required && !me.totp_enrolled ? (
    <ForcedTotp />
  ) : (
    children
  );
  return (
    <SessionContext value={value}>
      <div inert={lost} style={{ height: "100%" }}>
        <Suspense fallback={<Waiting />}>{inner}</Suspense>
      </div>
      {lost ? (
        <div style={{ position: "fixed", inset: 0, zIndex: 3000 }}>
          <Suspense fallback={<div style={{ height: "100%", background: "#14507f" }} />}>
            <SignInPage onSignedIn={accept} again={me.login_name} />
          </Suspense>
        </div>
      ) : drawn ? (
        <IdleWatch
          timeoutS={me.idle_timeout_s}
          onIdle={() =>
            void signOut()
              .catch(() => undefined)
              .finally(() => setLost(true))
          }
        />
      ) : null}
    </SessionContext>
  );
}
