/** Colours of the paper and what is drawn on it. */

export type ThemeId = "paper" | "dark" | "mono";
export const THEME_IDS: readonly ThemeId[] = ["paper", "dark", "mono"];

export interface Theme {
  background: string;
  gridMinor: string;
  gridMajor: string;
  trace: string;
  label: string;
  muted: string;
  caliper: string;
  caliperFill: string;
  march: string;
  warning: string;
  fiducialP: string;
  fiducialQrs: string;
  fiducialT: string;
  placeholder: string;
  bubble: string;
  bubbleText: string;
}

export const THEMES: Record<ThemeId, Theme> = {
  paper: {
    background: "#fffdfc",
    gridMinor: "#fae1e0",
    gridMajor: "#f0b5b3",
    trace: "#14171c",
    label: "#1d2530",
    muted: "#6b7684",
    caliper: "#1257c7",
    caliperFill: "rgba(18, 87, 199, 0.07)",
    march: "rgba(18, 87, 199, 0.55)",
    warning: "#b45309",
    fiducialP: "#0f7b6c",
    fiducialQrs: "#c0264b",
    fiducialT: "#6d3fc4",
    placeholder: "rgba(110, 80, 80, 0.08)",
    bubble: "#1257c7",
    bubbleText: "#ffffff",
  },
  dark: {
    background: "#0c1116",
    gridMinor: "#17212a",
    gridMajor: "#263846",
    trace: "#7df0b0",
    label: "#dce6ee",
    muted: "#8696a5",
    caliper: "#5fb2ff",
    caliperFill: "rgba(95, 178, 255, 0.10)",
    march: "rgba(95, 178, 255, 0.6)",
    warning: "#fbbf24",
    fiducialP: "#4fd1bd",
    fiducialQrs: "#ff7b98",
    fiducialT: "#b79bff",
    placeholder: "rgba(255, 255, 255, 0.05)",
    bubble: "#5fb2ff",
    bubbleText: "#06121e",
  },
  mono: {
    background: "#ffffff",
    gridMinor: "#ebebeb",
    gridMajor: "#c9c9c9",
    trace: "#000000",
    label: "#000000",
    muted: "#5c5c5c",
    caliper: "#000000",
    caliperFill: "rgba(0, 0, 0, 0.05)",
    march: "rgba(0, 0, 0, 0.5)",
    warning: "#000000",
    fiducialP: "#000000",
    fiducialQrs: "#000000",
    fiducialT: "#000000",
    placeholder: "rgba(0, 0, 0, 0.06)",
    bubble: "#000000",
    bubbleText: "#ffffff",
  },
};

export type BeatClass = "normal" | "supraventricular" | "ventricular" | "fusion" | "paced" | "unknown";

/** Kinds come as AAMI letters, WFDB letters or words; what is not recognised is "unknown", never "normal". */
export function beatClass(kind: string): BeatClass {
  const k = kind.trim();
  if (/^(N|L|R|B|e|j|normal|sinus|bundle.*)$/.test(k)) return "normal";
  if (/^(S|A|a|J|supraventricular.*|sveb|pac|atrial.*|junctional.*)$/.test(k)) return "supraventricular";
  if (/^(V|E|r|ventricular.*|veb|pvc)$/.test(k)) return "ventricular";
  if (/^(F|fusion.*)$/.test(k)) return "fusion";
  if (/^(P|\/|f|paced.*|pacer.*)$/.test(k)) return "paced";
  return "unknown";
}

export const BEAT_LETTERS: Record<BeatClass, string> = {
  normal: "N",
  supraventricular: "S",
  ventricular: "V",
  fusion: "F",
  paced: "P",
  unknown: "?",
};

export const BEAT_COLOURS: Record<ThemeId, Record<BeatClass, string>> = {
  paper: {
    normal: "#64748b",
    supraventricular: "#1d6fd8",
    ventricular: "#c62828",
    fusion: "#a2521a",
    paced: "#7b3fc9",
    unknown: "#8a8f98",
  },
  dark: {
    normal: "#90a4b4",
    supraventricular: "#6db7ff",
    ventricular: "#ff7373",
    fusion: "#f0a95c",
    paced: "#c4a0ff",
    unknown: "#8d98a3",
  },
  mono: {
    normal: "#555555",
    supraventricular: "#000000",
    ventricular: "#000000",
    fusion: "#000000",
    paced: "#000000",
    unknown: "#555555",
  },
};
