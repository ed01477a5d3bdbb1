import { createQueryClient } from "@tianmu/api/query-client";
import { AppTheme } from "@tianmu/ui/theme";
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { router } from "./app/router";
import { SessionGate } from "./features/session/session-gate";

// The QR code on a printed report leads here; whoever holds the paper has no account.
const VerifyPage = lazy(async () => ({ default: (await import("./features/verify/verify-page")).VerifyPage }));
const code = /^\/verify\/([^/]+)\/?$/.exec(window.location.pathname)?.[1];

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
              <RouterProvider router={router} />
            </SessionGate>
          )}
        </AppTheme>
      </QueryClientProvider>
    </StrictMode>,
  );
}
