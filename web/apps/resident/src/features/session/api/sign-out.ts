import { call, client } from "@tianmu/api/client";

/** Ends the session and leaves nothing of the person in memory: the page starts afresh. */
export async function signOut(): Promise<void> {
  await call(client.DELETE("/api/v1/session")).catch(() => undefined);
  window.location.assign("/resident/");
}
