import type { ExamState, Urgency } from "@tianmu/api/wire";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Tag } from "antd";
import { STATE_COLORS, STATE_WORDS, URGENCY_WORDS } from "../lib/words";

export function StateTag({ state }: { state: ExamState }) {
  const t = useT();
  return (
    <Tag color={STATE_COLORS[state]} style={{ marginInlineEnd: 0 }}>
      {t(...STATE_WORDS[state])}
    </Tag>
  );
}

export function UrgencyTag({ urgency }: { urgency: Urgency }) {
  const t = useT();
  const words = t(...URGENCY_WORDS[urgency]);
  if (urgency === "routine") return <span className="tm-muted">{words}</span>;
  return (
    <Tag variant="solid" color={urgency === "stat" ? "#cf1322" : "#d46b08"} style={{ marginInlineEnd: 0 }}>
      {words}
    </Tag>
  );
}
