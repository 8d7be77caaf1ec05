/** `export A='1' B='2'`, safe for any value in a POSIX shell. */
export function exportLine(settings: Readonly<Record<string, string>>): string {
  const quoted = Object.entries(settings).map(
    ([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'`,
  );
  return `export ${quoted.join(" ")}`;
}
