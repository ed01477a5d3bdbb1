import { describe, expect, it } from "vitest";
import { done, type Outbox, pending, put, putSkip, read, refused, take, tapped, tappedSkip } from "./outbox";

const answer = (code: string, verdict: "normal" | "abnormal" = "normal") => ({ code, verdict });

describe("what was tapped reaches the server once, whatever the line does", () => {
  it("sends the newest tap of each item and keeps what comes meanwhile for the next batch", () => {
    let box: Outbox = put(put(put({}, "u", answer("a")), "u", answer("b")), "u", answer("a", "abnormal"));
    const [sending, batch] = take(box, "u", 3, () => "k1");
    expect(batch).toEqual({
      key: "k1",
      row_version: 3,
      answers: [answer("a", "abnormal"), answer("b")],
      skip_reason: undefined,
    });
    box = put(sending, "u", answer("b", "abnormal"));
    expect(pending(box)).toBe(3);
    expect(tapped(box, "u", "b")).toEqual(answer("b", "abnormal"));
    // The line was lost: the same batch with the same key, not a new one.
    expect(take(box, "u", 9, () => "k2")[1]).toBe(batch);
    box = done(box, "u", "k1");
    expect(take(box, "u", 4, () => "k2")[1]?.answers).toEqual([answer("b", "abnormal")]);
  });

  it("drops what somebody else answered and sends the rest anew", () => {
    const box = take(put(put({}, "u", answer("a")), "u", answer("b")), "u", 0, () => "k1")[0];
    const rest = refused(box, "u", "k1", ["a"]);
    expect(take(rest, "u", 5, () => "k2")[1]).toEqual({
      key: "k2",
      row_version: 5,
      answers: [answer("b")],
      skip_reason: undefined,
    });
    expect(refused(box, "u", "k1")).toEqual({});
    // An answer to an older batch changes nothing.
    expect(refused(box, "u", "k0")).toBe(box);
    expect(done(box, "u", "k0")).toBe(box);
  });

  it("carries the reason why a unit was not inspected", () => {
    const box = putSkip({}, "u", "停用");
    expect(tappedSkip(box, "u")).toBe("停用");
    const [sending, batch] = take(box, "u", 1, () => "k");
    expect(batch?.skip_reason).toBe("停用");
    expect(done(sending, "u", "k")).toEqual({});
  });

  it("begins with nothing when what was kept cannot be read", () => {
    expect(read(null)).toEqual({});
    expect(read("{")).toEqual({});
    expect(read("[1]")).toEqual({});
    expect(read(JSON.stringify(put({}, "u", answer("a"))))).toEqual(put({}, "u", answer("a")));
  });
});
