import { createQueryClient } from "@tianmu/api/query-client";
import { apart } from "@tianmu/ui/apart";
import { AppTheme } from "@tianmu/ui/theme";
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { SessionGate, Waiting } from "../features/session/session-gate";

const VerifyPage = lazy(async () => ({ default: (await import("../features/verify/verify-page")).VerifyPage }));
// Pages and their router are loaded for those who are signed in.
const Pages = apart(async () => (await import("./pages")).Pages);
const code = /^\/verify\/([^/]+)\/?$/.exec(window.location.pathname)?.[1];

// While somebody types a password, the pages arrive.
if (!code) window.requestIdleCallback?.(() => void Pages.load().catch(() => undefined), { timeout: 5000 });

const queries = createQueryClient();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <AppTheme>
          {code ? (
            <Suspense fallback={null}>
              <VerifyPage code={decodeURIComponent(code)} />
            </Suspense>
          ) : (
            <SessionGate>
              <Pages placeholder={<Waiting />} />
            </SessionGate>
          )}
        </AppTheme>
      </QueryClientProvider>
    </StrictMode>,
  );
}
