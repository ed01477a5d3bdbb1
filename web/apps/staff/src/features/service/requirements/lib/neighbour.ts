/** Where an arrow key leads from a card of a board: column and place within it; none at the edge. */
export function neighbour(
  sizes: readonly number[],
  at: { column: number; row: number },
  key: string,
): { column: number; row: number } | null {
  if (key === "ArrowUp") return at.row > 0 ? { ...at, row: at.row - 1 } : null;
  if (key === "ArrowDown") return at.row + 1 < (sizes[at.column] ?? 0) ? { ...at, row: at.row + 1 } : null;
  const step = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
  if (step === 0) return null;
  // Empty columns are passed over.
  for (let column = at.column + step; column >= 0 && column < sizes.length; column += step) {
    const size = sizes[column] ?? 0;
    if (size > 0) return { column, row: Math.min(at.row, size - 1) };
  }
  return null;
}
