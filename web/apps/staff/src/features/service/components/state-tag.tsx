import { useT } from "@tianmu/ui/lib/use-lang";
import { Tag } from "antd";
import { STATE_COLOURS } from "../lib/words";

/** A state in its colour; the word says it too. */
export function StateTag({ state, words }: { state: string; words: Record<string, readonly [string, string]> }) {
  const t = useT();
  return <Tag color={STATE_COLOURS[state]}>{t(...(words[state] ?? [state, state]))}</Tag>;
}
