import { RouterProvider } from "react-router";
import { router } from "./router";

export function Pages() {
  return <RouterProvider router={router} />;
}
