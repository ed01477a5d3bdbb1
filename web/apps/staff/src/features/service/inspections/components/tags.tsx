import type { InspectionLine, InspectionState } from "@tianmu/api/wire";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Tag } from "antd";
import { STATE_COLORS, STATE_WORDS } from "../lib/words";

export function StateTag({ state }: { state: InspectionState }) {
  const t = useT();
  return (
    <Tag color={STATE_COLORS[state]} style={{ marginInlineEnd: 0 }}>
      {t(...STATE_WORDS[state])}
    </Tag>
  );
}

/** Late or nearly so; nothing while there is time. */
export function DueTag({ line }: { line: InspectionLine }) {
  const t = useT();
  const open = line.state === "planned" || line.state === "in_progress";
  if (line.late)
    return (
      <Tag color="red" style={{ marginInlineEnd: 0 }}>
        {open ? t(`逾期 ${-line.days_left} 天`, `${-line.days_left} days overdue`) : t("逾期完成", "Came late")}
      </Tag>
    );
  if (open && line.days_left <= 7)
    return (
      <Tag color="orange" style={{ marginInlineEnd: 0 }}>
        {line.days_left === 0
          ? t("今天到期", "Due today")
          : t(`还剩 ${line.days_left} 天`, `${line.days_left} days left`)}
      </Tag>
    );
  return null;
}
