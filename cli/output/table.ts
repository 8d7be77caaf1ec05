/**
 * Rows as columns of equal width.
 *
 * @param numbersFrom the first column that holds numbers: it and those after it are aligned to the right
 */
export function table(
  rows: readonly (readonly string[])[],
  numbersFrom: number = Number.POSITIVE_INFINITY,
): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const cell = (text: string, column: number) =>
    column < numbersFrom ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
}
