import { expect, it } from "vitest";
import { passwordWeakness } from "./password-rules";

it("wants ten characters of three kinds", () => {
  expect(passwordWeakness("Ab1!")).toBe("too_short");
  expect(passwordWeakness("abcdefghij1")).toBe("too_few_kinds");
  expect(passwordWeakness("Abcdefghij1")).toBeNull();
  expect(passwordWeakness("天目天目天目ab12AB")).toBeNull();
});
