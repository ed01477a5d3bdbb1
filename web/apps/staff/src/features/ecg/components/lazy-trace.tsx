import type { Recording } from "@tianmu/api/wire";
import { Skeleton } from "antd";
import { lazy, Suspense } from "react";

const TraceView = lazy(() => import("./trace-view"));

export function LazyTrace({ recording }: { recording: Recording }) {
  return (
    <Suspense fallback={<Skeleton active style={{ padding: 16 }} paragraph={{ rows: 10 }} />}>
      <TraceView recording={recording} />
    </Suspense>
  );
}
