/**
 * Compares versions number by number; missing ones count as 0, and what is not a digit only separates: `1.21` is the
 * same as `go1.21.0`.
 *
 * @returns negative when `a` precedes `b`, 0 when they are the same
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => (version.match(/\d+/g) ?? []).map(Number));
  for (let part = 0; part < Math.max(left?.length ?? 0, right?.length ?? 0); part++) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
