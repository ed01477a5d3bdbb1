import { expect, it } from "vitest";
import { idlePhase } from "./idle-phase";

it("warns a minute before the end and then ends", () => {
  expect(idlePhase(0, 900)).toBe("active");
  expect(idlePhase(839, 900)).toBe("active");
  expect(idlePhase(840, 900)).toBe("warning");
  expect(idlePhase(900, 900)).toBe("expired");
});

it("knows no limit when none is set", () => {
  expect(idlePhase(1e6, 0)).toBe("active");
});
