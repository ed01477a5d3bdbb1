/** 842416 cents as 8,424.16 */
export function yuan(cents: number | null | undefined): string {
  if (cents === null || cents === undefined) return "—";
  const sign = cents < 0 ? "-" : "";
  const whole = Math.floor(Math.abs(cents) / 100).toString();
  const rest = (Math.abs(cents) % 100).toString().padStart(2, "0");
  return `${sign}${whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",")}.${rest}`;
}

/** Yuan as typed, in whole cents; null when it is no amount. */
export function toCents(text: string | number | null | undefined): number | null {
  const match = /^(\d{1,11})(?:\.(\d{1,2}))?$/.exec(
    String(text ?? "")
      .trim()
      .replaceAll(",", ""),
  );
  return match ? Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0")) : null;
}
