import { createQueryClient } from "@tianmu/api/query-client";
import { AppTheme } from "@tianmu/ui/theme";
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { SessionGate } from "./features/session/session-gate";

// The QR code on a printed report leads here; whoever holds the paper has no account.
const VerifyPage = lazy(async () => ({ default: (await import("./features/verify/verify-page")).VerifyPage }));
// Pages and their router are loaded for those who are signed in.
const loadPages = async () => ({ default: (await import("./app/pages")).Pages });
const Pages = lazy(loadPages);
const code = /^\/verify\/([^/]+)\/?$/.exec(window.location.pathname)?.[1];

// While somebody types a password, the pages arrive.
if (!code) window.requestIdleCallback?.(() => void loadPages().catch(() => undefined), { timeout: 5000 });

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
              <Pages />
            </SessionGate>
          )}
        </AppTheme>
      </QueryClientProvider>
    </StrictMode>,
  );
}
