import { expect, it } from "vitest";
import { fileSize, filesProblem } from "./upload-files";

const files = (...sizes: number[]) => sizes.map((size) => ({ size }));

it("refuses before sending what the server would refuse", () => {
  expect(filesProblem(files(1, 2))).toBeNull();
  expect(filesProblem(files(0))).toBe("empty");
  expect(filesProblem(files(...Array.from({ length: 21 }, () => 1)))).toBe("too_many");
  expect(filesProblem(files(67_108_864))).toBeNull();
  expect(filesProblem(files(67_108_864, 1))).toBe("too_large");
});

it("writes sizes for people", () => {
  expect([fileSize(999), fileSize(1536), fileSize(5_242_880)]).toEqual(["999 B", "1.5 KB", "5.0 MB"]);
});
