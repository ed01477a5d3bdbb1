import { expect, it } from "vitest";
import { fitted, sizeText } from "./files";

it("makes the longer side fit and keeps the shape", () => {
  expect(fitted(4000, 3000)).toEqual({ width: 2560, height: 1920 });
  expect(fitted(3000, 4000)).toEqual({ width: 1920, height: 2560 });
  expect(fitted(2560, 100)).toBeNull();
});

it("writes sizes as people read them", () => {
  expect(sizeText(1)).toBe("1 KB");
  expect(sizeText(1_468_006)).toBe("1.4 MB");
});
