import { expect, test } from "vitest";
import { approvalNeeded } from "./approval";

test("only a charge below the contract's amount that changes no data goes without approval", () => {
  const charge = (amountCents: number | null) => ({ rows: false, medicalDocument: false, amountCents });
  // CONTRACT.md R4: 999.99 no, 1000.00 yes.
  expect(approvalNeeded(charge(99_999), 100_000)).toBe(false);
  expect(approvalNeeded(charge(100_000), 100_000)).toBe(true);
  expect(approvalNeeded({ ...charge(1), rows: true }, 100_000)).toBe(true);
  expect(approvalNeeded({ ...charge(1), medicalDocument: true }, 100_000)).toBe(true);
  expect(approvalNeeded(charge(null), 100_000)).toBeNull();
  expect(approvalNeeded(charge(1), undefined)).toBeNull();
});
