// Answers asked for before the application runs. The first module of a page knows from the address what the page will
// ask; whoever asks it later takes the answer that is already under way. Each is taken once, and only while it is fresh:
// everything after the first look asks the server again.

const FRESH_MS = 10_000;

const early = new Map<string, { answer: Promise<Response>; at: number }>();

/** Asks now for a path of this server with its query. The answer may also be read here, from a clone. */
export function askEarly(url: string): Promise<Response> {
  const answer = fetch(url, { credentials: "same-origin" });
  // Nobody may come for it.
  answer.catch(() => undefined);
  early.set(url, { answer, at: performance.now() });
  return answer;
}

/** `fetch`, with the early answer where there is a good one. What was refused or failed early is asked again. */
export async function fetchOrTake(input: Request | string, init?: RequestInit): Promise<Response> {
  const request = typeof input === "string" ? { url: input, method: init?.method ?? "GET" } : input;
  if (early.size > 0 && request.method === "GET") {
    const { pathname, search } = new URL(request.url, window.location.href);
    const known = early.get(pathname + search);
    early.delete(pathname + search);
    if (known && performance.now() - known.at < FRESH_MS) {
      const answer = await known.answer.catch(() => null);
      if (answer?.ok) return answer;
    }
  }
  return fetch(input, init);
}
