/** What the measurements share: taking times, and a report's rows. */

/** Seconds that `work` takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** One row of a report: name, median, and the range. */
export function row(name: string, values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${name.padEnd(56)} ${median(values).toFixed(2)}  (${low.toFixed(2)} to ${high.toFixed(2)})`;
}
