import { expect, it } from "vitest";
import { idCardFacts } from "./id-card";

// The two worked examples of GB 11643-1999, annex A.
it("reads the examples of the standard", () => {
  expect(idCardFacts("11010519491231002X")).toEqual({ birth_date: "1949-12-31", sex: "female" });
  expect(idCardFacts("440524188001010014")).toEqual({ birth_date: "1880-01-01", sex: "male" });
  expect(idCardFacts(" 11010519491231002x ")).not.toBeNull();
});

it("refuses a wrong check digit, an impossible or future date, and fragments", () => {
  expect(idCardFacts("110105194912310021")).toBeNull();
  expect(idCardFacts("11010519490231002X")).toBeNull();
  expect(idCardFacts("11010519491231002X", new Date("1949-12-30T00:00:00Z"))).toBeNull();
  expect(idCardFacts("1101051949123100")).toBeNull();
});
