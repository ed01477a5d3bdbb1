import type { Me } from "@tianmu/api/wire";
import { createContext, useContext } from "react";

export interface Session {
  me: Me;
  signOut: () => Promise<void>;
  refresh: () => Promise<void>;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("outside of a signed-in session");
  return session;
}

export function useMe(): Me {
  return useSession().me;
}
