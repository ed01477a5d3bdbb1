import { expect, it } from "vitest";
import { commandOf } from "./use-reading-keys";

const press = (key: string, part: Partial<Parameters<typeof commandOf>[0]> = {}) =>
  commandOf({ key, code: "", ctrlKey: false, metaKey: false, altKey: false, ...part });

it("maps the documented keys", () => {
  expect(press("s", { ctrlKey: true })).toBe("save");
  expect(press("Enter", { ctrlKey: true })).toBe("primary");
  expect(press("Enter", { metaKey: true })).toBe("primary");
  expect(press("F2")).toBe("findings");
  expect(press("¡", { altKey: true, code: "Digit1" })).toBe("statements");
});

it("leaves plain keys to the viewer and to typing", () => {
  for (const key of ["s", "1", "l", "Enter", "?"]) expect(press(key)).toBeNull();
  expect(press("Digit1", { altKey: true, ctrlKey: true, code: "Digit1" })).toBeNull();
});
