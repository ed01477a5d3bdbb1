import { expect, it } from "vitest";
import { plainValue } from "./plain-words";

it("writes figures as people say them", () => {
  expect(plainValue(72, "bpm", "zh")).toBe("72 次/分");
  expect(plainValue(157.6, "ms", "zh")).toBe("158 毫秒");
  expect(plainValue(2400, "uv", "en")).toBe("2.40 mV");
  expect(plainValue(5, "kg", "en")).toBe("5 kg");
});
