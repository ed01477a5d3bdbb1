// The typed client. `call` turns openapi-fetch's result into data or a thrown ApiError, so that every query and
// mutation fails in one way. A 401 other than a refused sign-in tells the session listeners.
import createClient, { type Middleware } from "openapi-fetch";
import { fetchOrTake } from "./early";
import { ApiError, localProblem, toProblem } from "./problem";
import type { Present } from "./present";
import type { paths } from "./schema";

const SIGN_IN_CODES = new Set(["login_failed", "totp_required", "totp_invalid"]);

type Listener = () => void;
const lostListeners = new Set<Listener>();
const activityListeners = new Set<Listener>();

/** Called when the server no longer knows our session. */
export function onSessionLost(listener: Listener): () => void {
  lostListeners.add(listener);
  return () => lostListeners.delete(listener);
}

/** Called after each answer that proves the session alive. */
export function onSessionActivity(listener: Listener): () => void {
  activityListeners.add(listener);
  return () => activityListeners.delete(listener);
}

export function noteResponse(status: number, code: string | undefined): void {
  if (status === 401 && !(code && SIGN_IN_CODES.has(code))) for (const listener of lostListeners) listener();
  else if (status < 400) for (const listener of activityListeners) listener();
}

let offsetMs = 0;

/** How far the server's clock is ahead of this computer's: waiting times must not depend on a wrong desk clock. */
export function clockOffsetMs(): number {
  return offsetMs;
}

function noteClock(response: Response): void {
  const server = Date.parse(response.headers.get("date") ?? "");
  // The header has whole seconds: smaller differences say nothing.
  if (!Number.isNaN(server)) offsetMs = Math.abs(server - Date.now()) > 2000 ? server - Date.now() : 0;
}

const watch: Middleware = {
  async onResponse({ response }) {
    noteClock(response);
    if (response.status !== 401) {
      noteResponse(response.status, undefined);
      return;
    }
    const body = (await response
      .clone()
      .json()
      .catch(() => null)) as { code?: string } | null;
    noteResponse(401, body?.code);
  },
};

export const client = createClient<paths>({
  baseUrl: "",
  credentials: "same-origin",
  fetch: (request) => fetchOrTake(request),
});
client.use(watch);

/** What a call of the typed client resolves to. */
export interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

export async function call<T>(answer: Promise<Answer<T>>): Promise<Present<T>> {
  let result: Answer<T>;
  try {
    result = await answer;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError(localProblem("network_unreachable", ""));
  }
  if (!result.response.ok) throw new ApiError(toProblem(result.response.status, result.error));
  return result.data as Present<T>;
}
