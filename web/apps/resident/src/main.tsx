import { createQueryClient } from "@tianmu/api/query-client";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { MobileLocale } from "./app/mobile-locale";
import { applyPrintSize } from "./app/print-size";
import { router } from "./app/router";
import { SessionGate } from "./features/session/session-gate";
import "./app/app.css";

applyPrintSize();
const queries = createQueryClient();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <MobileLocale>
          <SessionGate>
            <RouterProvider router={router} />
          </SessionGate>
        </MobileLocale>
      </QueryClientProvider>
    </StrictMode>,
  );
}
