import type { Me } from "@tianmu/api/wire";
import { createContext, useContext } from "react";

export const MeContext = createContext<Me | null>(null);

export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error("outside of a signed-in session");
  return me;
}
