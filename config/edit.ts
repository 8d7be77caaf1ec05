/** Changes of a stack file (`Pulumi.<stack>.yaml`) that leave every other character of it as it is. Pure. */

import { isDeepStrictEqual } from "node:util";
import { isCollection, isMap, isScalar, type Node, type Pair, parseDocument, type YAMLMap } from "yaml";
import { UserError } from "./errors.ts";

/**
 * The text of a stack file with the plain value `value` at `path` (map keys), for which maps are made where there are
 * none. Comments, quotes and the layout of all else stay; a library that prints the file anew would change them.
 *
 * @param name the file's name, for messages
 * @throws {UserError} where the file's form allows no such edit, such as an alias on the way
 */
export function withValue(text: string, path: readonly string[], value: string, name: string): string {
  const lines = text.replaceAll("\r\n", "\n");
  const changed = edit(lines, path, value);
  const wanted = withPath(parseDocument(lines).toJS(), path, value);
  const found = changed === undefined ? undefined : parseDocument(changed);
  if (changed === undefined || found?.errors.length !== 0 || !isDeepStrictEqual(found.toJS(), wanted)) {
    throw new UserError(
      `\`${path.join(".")}\` in \`${name}\`: cannot be set without writing other lines anew; write it by hand:\n${block(path, value, 0)}`,
    );
  }
  return text.includes("\r\n") ? changed.replaceAll("\n", "\r\n") : changed;
}

type Plain = Record<string, unknown>;

function withPath(tree: unknown, [key, ...rest]: readonly string[], value: string): unknown {
  if (key === undefined) return value;
  const map = (tree ?? {}) as Plain;
  return { ...map, [key]: withPath(map[key], rest, value) };
}

/** The changed text; undefined where this cannot be done. */
function edit(text: string, path: readonly string[], value: string): string | undefined {
  const splice = (start: number, end: number, added: string) =>
    text.slice(0, start) + added + text.slice(end);
  let node = parseDocument(text).contents as Node | null;
  let pair: Pair<Node, Node | null> | undefined;
  const missing = [...path];
  while (isMap(node)) {
    const next = pairs(node).find(({ key }) => isScalar(key) && key.value === missing[0]);
    if (next === undefined) break;
    [pair, node] = [next, next.value];
    missing.shift();
  }

  if (isMap(node)) {
    const last = pairs(node).at(-1);
    if (node.flow) {
      const [start, end] = node.range ?? [0, 0];
      const added = flow(missing, value);
      return last === undefined
        ? splice(start, end, `{ ${added} }`)
        : splice(endOf(last), endOf(last), `, ${added}`);
    }
    if (last === undefined) return undefined;
    const start = pairs(node)[0]?.key.range?.[0] ?? 0;
    const at = endOfLine(text, endOf(last));
    return splice(at, at, `\n${block(missing, value, start - text.lastIndexOf("\n", start - 1) - 1)}`);
  }
  if (pair === undefined) {
    // No content at all, comments at most.
    const gap = text === "" || text.endsWith("\n") ? "" : "\n";
    return node === null ? `${text}${gap}${block(path, value, 0)}\n` : undefined;
  }
  if (node !== null && !isScalar(node)) return undefined;
  const [start, end] = node?.range ?? [0, 0];
  if (start < end) return splice(start, end, missing.length === 0 ? value : `{ ${flow(missing, value)} }`);
  const colon = endOf(pair);
  if (missing.length === 0) return splice(colon, colon, ` ${value}`);
  const key = pair.key.range?.[0] ?? 0;
  const at = endOfLine(text, colon);
  return splice(at, at, `\n${block(missing, value, key - text.lastIndexOf("\n", key - 1) + 1)}`);
}

const pairs = (map: YAMLMap) => map.items as Pair<Node, Node | null>[];

/** Where the last character of a pair's value ends; of its colon, where it has none. */
function endOf({ key, value }: Pair<Node, Node | null>): number {
  const [start, end] = value?.range ?? [0, 0];
  if (start === end) return (key.range?.[1] ?? 0) + 1;
  if (!isCollection(value) || value.flow) return end;
  const last: unknown = value.items.at(-1);
  if (isMap(value)) return endOf(last as Pair<Node, Node | null>);
  const item = last as Node;
  return isMap(item) && !item.flow
    ? endOf(pairs(item).at(-1) as Pair<Node, Node | null>)
    : (item.range?.[1] ?? end);
}

/** Before the line break; a block of text (`|`) counts its own as part of it. */
function endOfLine(text: string, position: number): number {
  if (text[position - 1] === "\n") return position - 1;
  const end = text.indexOf("\n", position);
  return end === -1 ? text.length : end;
}

/** One line a key, each two columns further in. */
function block(path: readonly string[], value: string, indent: number): string {
  const keys = path.map((key, depth) => `${" ".repeat(indent + 2 * depth)}${key}:`);
  return `${keys.join("\n")} ${value}`;
}

const flow = (path: readonly string[], value: string): string =>
  path.reduceRight(
    (inner, key, depth) => `${key}: ${depth === path.length - 1 ? inner : `{ ${inner} }`}`,
    value,
  );
