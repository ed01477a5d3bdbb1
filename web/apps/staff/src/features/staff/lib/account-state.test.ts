import { expect, it } from "vitest";
import { accountState, excludedPairs, initialPassword } from "./account-state";

const now = Date.parse("2026-11-22T08:00:00Z");

it("says what an account is", () => {
  expect(accountState(null, now)).toBe("none");
  expect(accountState({ enabled: false, locked_until: null }, now)).toBe("disabled");
  expect(accountState({ enabled: true, locked_until: "2026-11-22T08:10:00Z" }, now)).toBe("locked");
  expect(accountState({ enabled: true, locked_until: "2026-11-22T07:10:00Z" }, now)).toBe("active");
});

it("finds roles that exclude each other, whichever of them says so", () => {
  const rules = [
    { role: "system_admin", excludes: ["audit_admin"] },
    { role: "audit_admin", excludes: [] },
  ];
  expect(excludedPairs(["audit_admin", "ecg_reader", "system_admin"], rules)).toEqual([
    ["audit_admin", "system_admin"],
  ]);
  expect(excludedPairs(["ecg_reader", "ecg_reviewer"], rules)).toEqual([]);
});

it("makes passwords of three kinds", () => {
  const password = initialPassword((length) => Uint8Array.from({ length }, (_, i) => i * 17));
  expect(password).toHaveLength(14);
  expect(password).toMatch(/[A-Z]/);
  expect(password).toMatch(/[a-z]/);
  expect(password).toMatch(/[2-9]/);
  expect(password).not.toMatch(/[0O1lI]/);
});
