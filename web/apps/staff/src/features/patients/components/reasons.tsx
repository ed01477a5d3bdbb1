import { useT } from "@tianmu/ui/lib/use-lang";
import { Tag } from "antd";

export function Reasons({ reasons, words }: { reasons: string[]; words: Record<string, readonly [string, string]> }) {
  const t = useT();
  return (
    <span style={{ display: "inline-flex", gap: 4, flexWrap: "wrap" }}>
      {reasons.map((reason) => {
        const pair = words[reason];
        return (
          <Tag key={reason} style={{ margin: 0 }}>
            {pair ? t(...pair) : reason}
          </Tag>
        );
      })}
    </span>
  );
}
