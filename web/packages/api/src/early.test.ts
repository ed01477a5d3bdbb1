import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { askEarly, fetchOrTake } from "./early";

let asked: string[];
let status: number;

beforeEach(() => {
  asked = [];
  status = 200;
  vi.stubGlobal("window", { location: { href: "http://tianmu.test/ecg/read/1" } });
  vi.stubGlobal("fetch", async (input: Request | string) => {
    asked.push(typeof input === "string" ? input : input.url);
    return new Response("[]", { status });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("hands an early answer over once, then asks again", async () => {
  void askEarly("/api/v1/session");
  const request = new Request("http://tianmu.test/api/v1/session");
  expect((await fetchOrTake(request)).status).toBe(200);
  expect(asked).toEqual(["/api/v1/session"]);
  await fetchOrTake(request);
  expect(asked).toHaveLength(2);
});

it("keeps an early answer from other questions and from changes", async () => {
  void askEarly("/api/v1/session");
  await fetchOrTake("/api/v1/session?x=1");
  await fetchOrTake(new Request("http://tianmu.test/api/v1/session", { method: "DELETE" }));
  expect(asked).toHaveLength(3);
});

it("asks again after an early refusal: somebody may have signed in meanwhile", async () => {
  status = 401;
  void askEarly("/api/v1/session");
  status = 200;
  expect((await fetchOrTake("/api/v1/session")).status).toBe(200);
  expect(asked).toHaveLength(2);
});

it("does not hand over what is old", async () => {
  void askEarly("/api/v1/session");
  const now = performance.now();
  vi.spyOn(performance, "now").mockReturnValue(now + 11_000);
  await fetchOrTake("/api/v1/session");
  expect(asked).toHaveLength(2);
});
