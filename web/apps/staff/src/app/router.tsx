import { createBrowserRouter, type RouteObject } from "react-router";
import { type LoadPage, PAGES } from "./page-table";
import { RouteError } from "./route-error";

/** A page that is loaded when first visited. */
function page(path: string, load: LoadPage): RouteObject {
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
      ...PAGES.map(([path, load]) => page(path, load)),
    ],
  },
]);
