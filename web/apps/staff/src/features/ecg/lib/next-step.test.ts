import { expect, it } from "vitest";
import { openStep } from "./next-step";

const both = { read: true, review: true };
const held = { id: "x", name: "钱文斌" };

it("takes what waits, by the right that is needed", () => {
  expect(openStep({ state: "submitted", claimed_by: null }, both)).toBe("claim");
  expect(openStep({ state: "withdrawn", claimed_by: null }, both)).toBe("claim");
  expect(openStep({ state: "submitted", claimed_by: null }, { read: false, review: true })).toBe("view");
  expect(openStep({ state: "awaiting_review", claimed_by: null }, both)).toBe("claim_review");
  expect(openStep({ state: "awaiting_review", claimed_by: null }, { read: true, review: false })).toBe("view");
});

it("only looks at what another holds, and takes it again when the claim ran out", () => {
  expect(openStep({ state: "reading", claimed_by: held }, both)).toBe("view");
  expect(openStep({ state: "reading", claimed_by: null }, both)).toBe("claim");
  expect(openStep({ state: "reviewing", claimed_by: null }, both)).toBe("claim_review");
  expect(openStep({ state: "published", claimed_by: null }, both)).toBe("view");
});
