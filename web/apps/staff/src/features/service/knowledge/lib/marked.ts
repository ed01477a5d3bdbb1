/** A piece of a text, and whether it is one of the searched words. */
export interface Piece {
  /** Where it begins in the text. */
  at: number;
  text: string;
  hit: boolean;
}

/** Cuts a text at the searched words, whatever their case; neighbouring and overlapping hits are one. */
export function pieces(text: string, words: readonly string[]): Piece[] {
  const lower = text.toLowerCase();
  const hit = new Array<boolean>(text.length).fill(false);
  // A letter that gets longer in lower case would shift every place behind it.
  if (lower.length === text.length)
    for (const word of words) {
      if (!word) continue;
      for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1))
        hit.fill(true, at, at + word.length);
    }
  const found: Piece[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const last = found.at(-1);
    if (last && last.hit === hit[at]) last.text += text[at];
    else found.push({ at, text: text[at] ?? "", hit: hit[at] ?? false });
  }
  return found;
}

/** The part of a text around its first hit, in one line. */
export function excerpt(text: string, words: readonly string[], length = 90): string {
  const line = text.replace(/\s+/g, " ").trim();
  const first = pieces(line, words).find((piece) => piece.hit)?.at ?? 0;
  const from = Math.max(0, Math.min(first - 20, line.length - length));
  return `${from > 0 ? "…" : ""}${line.slice(from, from + length)}${from + length < line.length ? "…" : ""}`;
}
