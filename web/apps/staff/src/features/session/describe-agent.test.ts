import { expect, it } from "vitest";
import { describeAgent } from "./describe-agent";

it("names browser and system", () => {
  expect(
    describeAgent(
      "Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36",
    ),
  ).toBe("Chrome 109 · Windows");
  expect(
    describeAgent(
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0",
    ),
  ).toBe("Edge 120 · Windows");
  expect(describeAgent("curl/8.0")).toBe("curl/8.0");
});
