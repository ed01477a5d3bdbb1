import { useT } from "@tianmu/ui/lib/use-lang";
import { App } from "antd";
import { useCallback, useEffect, useRef } from "react";
import { useBlocker } from "react-router";

/**
 * Asks before unsaved work is left, inside the application and when the window closes.
 * The answer is a function that leaves without asking: for the way out after saving.
 */
export function useUnsavedGuard(dirty: boolean): (go: () => void) => void {
  const t = useT();
  const { modal } = App.useApp();
  const free = useRef(false);
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => dirty && !free.current && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    const dialog = modal.confirm({
      title: t("有未保存的内容", "There is unsaved work"),
      content: t("离开后这些内容会丢失。", "It is lost when you leave."),
      okText: t("不保存，离开", "Leave without saving"),
      okButtonProps: { danger: true },
      cancelText: t("留在本页", "Stay"),
      onOk: () => blocker.proceed(),
      onCancel: () => blocker.reset(),
    });
    return () => dialog.destroy();
  }, [blocker, modal, t]);
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => {
      if (!free.current) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [dirty]);
  return useCallback((go: () => void) => {
    free.current = true;
    go();
  }, []);
}
