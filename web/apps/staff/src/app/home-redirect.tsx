import { Navigate } from "react-router";
import { useMe } from "../features/session/session-context";
import { homePath } from "./menu";

export function HomeRedirect() {
  return <Navigate to={homePath(useMe())} replace />;
}
