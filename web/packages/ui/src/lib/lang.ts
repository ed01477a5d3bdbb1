// The interface language: Chinese by default, English as a switch, remembered on this device.
export type Lang = "zh" | "en";

const KEY = "tianmu.lang";
const listeners = new Set<() => void>();

function stored(): Lang {
  try {
    return globalThis.localStorage?.getItem(KEY) === "en" ? "en" : "zh";
  } catch {
    return "zh";
  }
}

let current: Lang = stored();

export function getLang(): Lang {
  return current;
}

export function setLang(lang: Lang): void {
  if (lang === current) return;
  current = lang;
  try {
    globalThis.localStorage?.setItem(KEY, lang);
  } catch {
    // A browser that refuses storage still switches for this page.
  }
  if (typeof document !== "undefined") document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  for (const listener of listeners) listener();
}

export function subscribeLang(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Texts stand beside each other in the source: `pick(lang, "签发", "Sign")`. */
export function pick(lang: Lang, zh: string, en: string): string {
  return lang === "zh" ? zh : en;
}
