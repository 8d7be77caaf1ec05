/** Finds what a misspelt word was meant to be. */

/** Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`: optimal string alignment distance. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const replace = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : replace;
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replace, swap));
    }
  }
  return at(a.length, b.length);
}

/** The one of `known` that `word` was likely meant to be (at most a third of its letters differ), if any. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const limit = Math.floor(word.length / 3);
  const [best] = [...known]
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= limit)
    .sort((a, b) => a.edits - b.edits);
  return best?.candidate;
}

/** `names` in backticks, at most `most` of them. */
export function listed(names: Iterable<string>, most = 12): string {
  const quoted = [...names].map((name) => `\`${name}\``);
  return quoted.length > most ? `${quoted.slice(0, most).join(", ")}, …` : quoted.join(", ");
}

/** How to fix a wrong `word`: the nearest of `known`, or else all of them. */
export function suggestion(word: string, known: Iterable<string>): string {
  const names = [...known];
  const near = nearest(word, names);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return names.length === 0 ? "there is none" : `known: ${listed(names, 20)}`;
}
