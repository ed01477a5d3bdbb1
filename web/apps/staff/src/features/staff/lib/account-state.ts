import type { AccountBrief } from "@tianmu/api/wire";

export type AccountState = "none" | "disabled" | "locked" | "active";

export function accountState(
  account: Pick<AccountBrief, "enabled" | "locked_until"> | null,
  nowMs: number,
): AccountState {
  if (!account) return "none";
  if (!account.enabled) return "disabled";
  return account.locked_until && Date.parse(account.locked_until) > nowMs ? "locked" : "active";
}

export interface RoleRule {
  role: string;
  excludes: string[];
}

/** The pairs of chosen roles that may not be held together, each pair once. */
export function excludedPairs(chosen: string[], rules: RoleRule[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (const [i, a] of chosen.entries()) {
    for (const b of chosen.slice(i + 1)) {
      const excluded = rules.some(
        (rule) => (rule.role === a && rule.excludes.includes(b)) || (rule.role === b && rule.excludes.includes(a)),
      );
      if (a !== b && excluded) pairs.push([a, b]);
    }
  }
  return pairs;
}

// Without characters that look alike on paper or over the phone.
const LOWER = "abcdefghjkmnpqrstuvwxyz";
const UPPER = "ABCDEFGHJKMNPQRSTUVWXYZ";
const DIGITS = "23456789";

/** A first password to hand over: fourteen characters of three kinds, from the given random bytes. */
export function initialPassword(
  random: (length: number) => Uint8Array = (length) => crypto.getRandomValues(new Uint8Array(length)),
): string {
  const all = LOWER + UPPER + DIGITS;
  const bytes = random(14);
  return [...bytes]
    .map((byte, i) => {
      const set = i === 0 ? UPPER : i === 1 ? LOWER : i === 2 ? DIGITS : all;
      return set.charAt(byte % set.length);
    })
    .join("");
}
