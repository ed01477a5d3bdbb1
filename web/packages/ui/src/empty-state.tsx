import { Empty } from "antd";
import type { ReactNode } from "react";

export function EmptyState({ text, action }: { text: string; action?: ReactNode }) {
  return (
    <Empty
      image={Empty.PRESENTED_IMAGE_SIMPLE}
      description={<span className="tm-muted">{text}</span>}
      style={{ margin: "24px 0" }}
    >
      {action}
    </Empty>
  );
}
