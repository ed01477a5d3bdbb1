export type Weakness = "too_short" | "too_few_kinds";

/** The rules that can be told before asking the server: length and kinds of characters. */
export function passwordWeakness(password: string): Weakness | null {
  if ([...password].length < 10) return "too_short";
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(password)).length;
  return kinds >= 3 ? null : "too_few_kinds";
}
