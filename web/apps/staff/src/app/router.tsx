import { createBrowserRouter, type RouteObject } from "react-router";
import { RouteError } from "./route-error";

/** A page that is loaded when first visited. */
function page(path: string, load: () => Promise<{ Page: React.ComponentType }>): RouteObject {
  return {
    path,
    lazy: async () => ({ Component: (await load()).Page }),
    errorElement: <RouteError />,
  };
}

export const router = createBrowserRouter([
  {
    lazy: async () => ({ Component: (await import("./shell")).Shell }),
    errorElement: <RouteError />,
    hydrateFallbackElement: <div />,
    children: [
      { index: true, lazy: async () => ({ Component: (await import("./home-redirect")).HomeRedirect }) },
      page("ecg/worklist", () => import("../features/ecg/worklist-page")),
      page("*", () => import("./not-found")),
    ],
  },
]);
