import type { Recording } from "@tianmu/api/wire";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Tabs } from "antd";

interface RecordingTabsProps {
  recordings: Recording[];
  chosen: string;
  onChoose: (id: string) => void;
}

/** Which of several recordings of an exam is shown. */
export function RecordingTabs({ recordings, chosen, onChoose }: RecordingTabsProps) {
  const t = useT();
  return (
    <Tabs
      size="small"
      style={{ padding: "0 12px" }}
      activeKey={chosen}
      onChange={onChoose}
      items={recordings.map((each, n) => ({ key: each.id, label: t(`第 ${n + 1} 次采集`, `Recording ${n + 1}`) }))}
    />
  );
}
