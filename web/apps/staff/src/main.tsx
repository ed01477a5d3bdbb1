import { createQueryClient } from "@tianmu/api/query-client";
import { AppTheme } from "@tianmu/ui/theme";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { router } from "./app/router";
import { SessionGate } from "./features/session/session-gate";

const queries = createQueryClient();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <AppTheme>
          <SessionGate>
            <RouterProvider router={router} />
          </SessionGate>
        </AppTheme>
      </QueryClientProvider>
    </StrictMode>,
  );
}
