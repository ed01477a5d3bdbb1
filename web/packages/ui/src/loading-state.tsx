import { Skeleton } from "antd";

export function LoadingState({ rows = 6 }: { rows?: number }) {
  return (
    <div className="tm-panel" style={{ padding: 16 }} aria-busy="true">
      <Skeleton active paragraph={{ rows, width: "100%" }} title={false} />
    </div>
  );
}
