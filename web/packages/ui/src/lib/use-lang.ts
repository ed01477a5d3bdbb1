import { useCallback, useSyncExternalStore } from "react";
import { getLang, type Lang, pick, subscribeLang } from "./lang";

export function useLang(): Lang {
  return useSyncExternalStore(subscribeLang, getLang, getLang);
}

export type Translate = (zh: string, en: string) => string;

export function useT(): Translate {
  const lang = useLang();
  return useCallback((zh: string, en: string) => pick(lang, zh, en), [lang]);
}
