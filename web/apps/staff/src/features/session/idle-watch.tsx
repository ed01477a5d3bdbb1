import { onSessionActivity } from "@tianmu/api/client";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Modal } from "antd";
import { useEffect, useRef, useState } from "react";
import { fetchSession } from "./api/fetch-session";
import { type IdlePhase, idlePhase } from "./idle-phase";

const EVENTS = ["pointerdown", "keydown", "wheel", "touchstart"] as const;
// While the person works without calling the server (measuring, typing), the session is kept alive this often.
const KEEP_ALIVE_MS = 120_000;

interface IdleWatchProps {
  timeoutS: number;
  onIdle: () => void;
}

/** Counts what the person does, not what the program fetches by itself; warns first, then signs out. */
export function IdleWatch({ timeoutS, onIdle }: IdleWatchProps) {
  const t = useT();
  const lastInput = useRef(Date.now());
  const lastServer = useRef(Date.now());
  const [phase, setPhase] = useState<IdlePhase>("active");
  const [leftS, setLeftS] = useState(0);
  const idle = useRef(onIdle);
  idle.current = onIdle;

  useEffect(() => {
    let shown: IdlePhase = "active";
    const note = () => {
      if (shown === "active") lastInput.current = Date.now();
    };
    for (const name of EVENTS) window.addEventListener(name, note, { capture: true, passive: true });
    const off = onSessionActivity(() => {
      lastServer.current = Date.now();
    });
    const timer = setInterval(() => {
      const now = Date.now();
      const idleS = (now - lastInput.current) / 1000;
      const next = idlePhase(idleS, timeoutS);
      shown = next;
      setPhase(next);
      setLeftS(Math.max(0, Math.ceil(timeoutS - idleS)));
      if (next === "expired") {
        clearInterval(timer);
        idle.current();
      } else if (
        next === "active" &&
        now - lastServer.current > KEEP_ALIVE_MS &&
        now - lastInput.current < KEEP_ALIVE_MS
      ) {
        lastServer.current = now;
        void fetchSession().catch(() => undefined);
      }
    }, 1000);
    return () => {
      clearInterval(timer);
      off();
      for (const name of EVENTS) window.removeEventListener(name, note, { capture: true });
    };
  }, [timeoutS]);

  const stay = () => {
    lastInput.current = Date.now();
    setPhase("active");
    void fetchSession().catch(() => undefined);
  };
  return (
    <Modal
      open={phase === "warning"}
      title={t("长时间未操作", "Are you still there?")}
      closable={false}
      keyboard={false}
      width={380}
      zIndex={2500}
      footer={
        <Button type="primary" autoFocus onClick={stay}>
          {t("继续使用", "Stay signed in")}
        </Button>
      }
    >
      {t(
        `${leftS} 秒后将自动退出登录。未保存的内容会保留在本页，重新登录后可继续。`,
        `You will be signed out in ${leftS} s. Your work stays on this page.`,
      )}
    </Modal>
  );
}
