// What an 18-digit resident ID number tells (GB 11643-1999): birth date, sex, and whether its check digit is right.
import type { Sex } from "@tianmu/api/wire";

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";

export interface IdCardFacts {
  birth_date: string;
  sex: Sex;
}

/** The facts of a valid number; null for anything else. */
export function idCardFacts(number: string, today: Date = new Date()): IdCardFacts | null {
  const text = number.trim().toUpperCase();
  if (!/^\d{17}[\dX]$/.test(text)) return null;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(text.charAt(i)), 0);
  if (CHECKS.charAt(sum % 11) !== text.charAt(17)) return null;
  const birth_date = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`;
  const date = new Date(`${birth_date}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== birth_date || date > today) return null;
  return { birth_date, sex: Number(text.charAt(16)) % 2 === 1 ? "male" : "female" };
}
