import { call, client } from "@tianmu/api/client";

export function signOut(): Promise<unknown> {
  return call(client.DELETE("/api/v1/session"));
}
