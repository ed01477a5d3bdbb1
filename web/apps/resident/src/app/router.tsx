import { createBrowserRouter } from "react-router";
import { PageFailed } from "./page-failed";

export const router = createBrowserRouter(
  [
    {
      path: "/",
      lazy: async () => ({ Component: (await import("../features/reports/reports-page")).Page }),
      errorElement: <PageFailed />,
      hydrateFallbackElement: <div />,
    },
    {
      path: "/reports/:id",
      lazy: async () => ({ Component: (await import("../features/reports/report-page")).Page }),
      errorElement: <PageFailed />,
      hydrateFallbackElement: <div />,
    },
    {
      path: "/me",
      lazy: async () => ({ Component: (await import("../features/session/me-page")).Page }),
      errorElement: <PageFailed />,
      hydrateFallbackElement: <div />,
    },
    { path: "*", lazy: async () => ({ Component: (await import("../features/reports/reports-page")).Page }) },
  ],
  { basename: "/resident" },
);
