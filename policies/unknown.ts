/** Values that a preview does not know yet. */

/** What reading an unknown value throws; `instanceof` would need the SDK's class, and so the whole SDK. */
function isUnknown(error: unknown): boolean {
  return (error as Error | undefined)?.constructor?.name === "UnknownValueError";
}

/** The value that `read` gives, or undefined where a preview does not know it yet. */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isUnknown(error)) return undefined;
    throw error;
  }
}

/** Each element of a list; undefined for one that a preview does not know yet. */
export function elements<T>(list: readonly T[] | undefined): (T | undefined)[] {
  return Array.from({ length: list?.length ?? 0 }, (_, index) => known(() => list?.[index]));
}

/** Goes through `items`, whatever is unknown in one of them; throws the first unknown at the end. */
export function* eachKnown<T, R>(items: Iterable<T>, work: (item: T) => Iterable<R>): Generator<R> {
  const unknown: unknown[] = [];
  for (const item of items) {
    try {
      yield* work(item);
    } catch (error) {
      if (!isUnknown(error)) throw error;
      unknown.push(error);
    }
  }
  if (unknown.length > 0) throw unknown[0];
}

/** What `found` yields, as a list; what is unknown counts only where nothing was found. */
export function collect<T>(found: Iterable<T>): T[] {
  const items: T[] = [];
  try {
    for (const item of found) items.push(item);
  } catch (error) {
    if (!isUnknown(error) || items.length === 0) throw error;
  }
  return items;
}

/** Throws when a preview does not know each element of a list yet. */
export function ensureKnown(list: readonly unknown[] | undefined): void {
  list?.forEach(() => {});
}
