/** What the checks share: entries of lists, and how a problem is reported. */

/** One entry of a list: its place, its name as far as it can be told, and its value if it could be read. */
export interface Entry<T> {
  readonly at: string;
  readonly name: string | undefined;
  readonly value: T | undefined;
}

/** Takes a problem: its place without backticks, and the problem with how to fix it. */
export type Report = (at: string, problem: string) => void;

/** Reports each name that an earlier one equals. `same` maps names that count as equal to one. */
export function checkUnique(
  names: readonly { readonly at: string; readonly name: string | undefined }[],
  report: Report,
  same = (name: string) => name,
): void {
  const first = new Map<string, string>();
  for (const { at, name } of names) {
    if (name === undefined) continue;
    const earlier = first.get(same(name));
    if (earlier === undefined) first.set(same(name), at);
    else report(at, `the name \`${name}\` is taken by \`${earlier}\`; choose another`);
  }
}

/** As {@link checkUnique}, of entries with a key `name`. */
export function checkNames(
  entries: readonly { readonly at: string; readonly name: string | undefined }[],
  report: Report,
  same?: (name: string) => string,
): void {
  checkUnique(
    entries.map(({ at, name }) => ({ at: `${at}.name`, name })),
    report,
    same,
  );
}
