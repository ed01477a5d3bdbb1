import { App } from "antd";
import type { ReactNode } from "react";

/** Where messages and confirmations of the pages below appear. Apart from the theme, so that the sign-in loads without it. */
export function AppFrame({ children }: { children: ReactNode }) {
  return (
    <App className="tm-app" message={{ maxCount: 3 }}>
      {children}
    </App>
  );
}
