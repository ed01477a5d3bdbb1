import { useEffect, useRef } from "react";

export interface ReadingKeys {
  save: () => void;
  primary: () => void;
  findings: () => void;
  conclusion: () => void;
  phrases: () => void;
  measurements: () => void;
  statements: () => void;
  history: () => void;
  help: () => void;
}

/** Which command a key press means; keys with Ctrl, Alt or a function key only, so that the viewer keeps the plain ones. */
export function commandOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "code">,
): keyof ReadingKeys | null {
  const ctrl = event.ctrlKey || event.metaKey;
  if (ctrl && event.key.toLowerCase() === "s") return "save";
  if (ctrl && event.key === "Enter") return "primary";
  if (ctrl || event.altKey) {
    if (!event.altKey || ctrl) return null;
    const byCode: Record<string, keyof ReadingKeys> = {
      Digit1: "statements",
      Digit2: "measurements",
      Digit3: "phrases",
      KeyH: "history",
    };
    return byCode[event.code] ?? null;
  }
  const byKey: Record<string, keyof ReadingKeys> = { F1: "help", F2: "findings", F3: "phrases", F4: "conclusion" };
  return byKey[event.key] ?? null;
}

export function useReadingKeys(keys: ReadingKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const command = commandOf(event);
      if (!command) return;
      event.preventDefault();
      latest.current[command]();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
