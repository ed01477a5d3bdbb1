import { Skeleton } from "antd";
import { lazy, Suspense } from "react";

import type { TraceProps } from "./trace-view";

const TraceView = lazy(() => import("./trace-view"));

export function LazyTrace(props: TraceProps) {
  return (
    <Suspense fallback={<Skeleton active style={{ padding: 16 }} paragraph={{ rows: 10 }} />}>
      <TraceView {...props} />
    </Suspense>
  );
}
