/** The text of a stack file (`Pulumi.<stack>.yaml`): what it holds, and how it is edited. Pure. */

import { isDeepStrictEqual } from "node:util";
import { type Document, isScalar, parseDocument, stringify } from "yaml";
import { ConfigError, UserError } from "./errors.ts";
import { NAMESPACE } from "./namespace.ts";
import type { Service } from "./services.ts";

/**
 * A stack's two files, from the project's folder: `tracked` is what a team shares; `own` is Pulumi's, out of git,
 * with the encrypted secrets and what `pulumi config set` sets, which wins section by section.
 */
export function stackFiles(stack: string): { readonly tracked: string; readonly own: string } {
  return { tracked: `Pulumi.${stack}.yaml`, own: `.llm-stack/Pulumi.${stack}.yaml` };
}

/** The `config:` of a stack file: its values, and which of them are secrets. */
export interface StackFile {
  /** Full key, such as `llm-stack:proxy`, to plain value; undefined for a secret. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Full keys of secrets, and of values that contain one. */
  readonly secretNames: ReadonlySet<string>;
}

function isPlainMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is, or contains, an encrypted one. */
function containsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsSecret);
  if (!isPlainMap(value)) return false;
  return (Object.keys(value).length === 1 && "secure" in value) || Object.values(value).some(containsSecret);
}

/**
 * Reads the text of a stack file.
 *
 * @param name the file's name, for messages
 * @throws {@link ConfigError} when it is not YAML, or its `config` is not a map
 */
export function parseStackFile(text: string, name: string): StackFile {
  const content: unknown = parseYaml(text, name).toJS() ?? {};
  const config = isPlainMap(content) ? (content.config ?? {}) : undefined;
  if (!isPlainMap(config))
    throw new ConfigError([
      `\`config\` in \`${name}\`: must be a map with keys such as \`${NAMESPACE}:proxy\``,
    ]);

  const secretNames = new Set(Object.keys(config).filter((key) => containsSecret(config[key])));
  const values = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, secretNames.has(key) ? undefined : value]),
  );
  return { values, secretNames };
}

function parseYaml(text: string, name: string): Document.Parsed {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw new ConfigError([`\`${name}\`: ${error.message.trim()}`], { cause: error });
  return document;
}

/**
 * The text of a stack file with these references as `image` of their services in `images`. Values, comments, quotes,
 * blank lines (one of several) and the order of keys stay. The rest of the layout becomes the YAML library's: two
 * columns of indentation, `{ a: b }` and `[ a ]`, one space before a comment, and a comment beside the key of a map or
 * list on a line of its own.
 *
 * @param name the file's name, for messages
 * @throws {@link ConfigError} when it is not YAML
 * @throws {@link UserError} where the edit would change another value too, such as one with an alias of the section
 */
export function withImages(
  text: string,
  images: readonly { readonly service: Service; readonly image: string }[],
  name: string,
): string {
  const document = parseYaml(text.replaceAll("\r\n", "\n"), name);
  const edits = images.map(({ service, image }) => ({
    path: ["config", `${NAMESPACE}:images`, service, "image"],
    image,
  }));
  const withEdits = (tree: unknown) =>
    edits.reduce((result, { path, image }) => withValue(result, path, image), tree);
  const wanted = withEdits(document.toJS());
  try {
    for (const { path, image } of edits) setImage(document, path, image);
    const changed = document.toString({ lineWidth: 0 });
    if (isDeepStrictEqual(parseYaml(changed, name).toJS(), wanted))
      return text.includes("\r\n") ? changed.replaceAll("\n", "\r\n") : changed;
  } catch {
    // An alias or a value where a map is needed: told below.
  }
  const block = stringify(withEdits({}), { lineWidth: 0 });
  throw new UserError(
    `\`config.${NAMESPACE}:images\` in \`${name}\`: cannot be set without changing something else; write it by hand:\n${block.trimEnd()}`,
  );
}

/** The plain tree with `value` at `path`. */
function withValue(tree: unknown, [key, ...rest]: readonly string[], value: string): unknown {
  if (key === undefined) return value;
  const map = (tree ?? {}) as Record<string, unknown>;
  return { ...map, [key]: withValue(map[key], rest, value) };
}

/** Sets the value at `path`, and puts maps in the place of empty values on the way; these values' comments stay. */
function setImage(document: Document.Parsed, path: readonly string[], image: string): void {
  for (let depth = 1; depth < path.length; depth++) {
    const empty = document.getIn(path.slice(0, depth), true);
    if (!isScalar(empty) || empty.value !== null) continue;
    const map = document.createNode({});
    const comments = [empty.commentBefore, empty.comment].filter((comment) => comment != null);
    if (comments.length > 0) map.commentBefore = comments.join("\n");
    document.setIn(path.slice(0, depth), map);
  }
  document.setIn(path, image);
}
