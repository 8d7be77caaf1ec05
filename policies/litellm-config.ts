/** The config files that a LiteLLM is given, as far as the stack holds them. */

import { posix } from "node:path";
import { parseDocument } from "yaml";
import { isWithin, normalize } from "./host-paths.ts";
import { mounts } from "./mounts.ts";
import type { Container } from "./resource.ts";
import type { Finding } from "./rule.ts";
import { eachKnown, elements, ensureKnown, known } from "./unknown.ts";
import { textOfUpload, type Upload } from "./uploads.ts";
import { variables } from "./variables.ts";

/** A mapping of YAML. */
export type Mapping = Readonly<Record<string, unknown>>;

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Looks up an environment variable. One that may be among those not known yet throws. */
export type Lookup = (name: string) => string | undefined;

/** A config file for LiteLLM. */
export interface ConfigFile {
  readonly container: Container;
  /** In words, such as `` `uploads[0]` (`/app/config.yml`) of `proxy` ``. */
  readonly place: string;
  readonly config: Mapping;
  readonly variable: Lookup;
}

/** A config file of which it cannot be said what is in it. */
export interface Unreadable extends Finding {
  readonly unreadable: true;
}

/** A file that LiteLLM is told to read, and where it is told so, in words. */
interface Named {
  readonly path: string;
  readonly by: string;
}

/** The config files of a LiteLLM, and those that cannot be read; what is unknown throws after the rest. */
export function* configFiles(container: Container): Generator<ConfigFile | Unreadable> {
  const named = namedFiles(container);
  const read = new Set<number>();
  yield* eachKnown<() => Iterable<ConfigFile | Unreadable>, ConfigFile | Unreadable>(
    [
      () => elsewhere(container),
      () => eachKnown(argumentTexts(container), argument),
      () =>
        eachKnown(uploadsOf(container).keys(), (index) => {
          const upload = uploadsOf(container)[index];
          return upload && isConfig(upload, named) ? open(index, upload) : [];
        }),
      // The list grows while files that others include are opened.
      () => eachKnown(named, file),
    ],
    (work) => work(),
  );

  function* argument({ text, place }: ArgumentText): Generator<ConfigFile | Unreadable> {
    const config = parsed(text);
    if (isMapping(config))
      yield { container, place, config, variable: environment(container, config.environment_variables) };
    else yield { resource: container, problem: `${place} is not YAML`, unreadable: true };
  }

  function* file({ path, by }: Named): Generator<ConfigFile | Unreadable> {
    const index = uploadsOf(container).findIndex((upload) => normalize(upload.file) === path);
    const upload = uploadsOf(container)[index];
    if (upload !== undefined) {
      if (!read.has(index)) yield* open(index, upload);
      return;
    }
    // Nothing of the image is there: the container's own program writes it, from an argument.
    if (isInMemory(container, path) && argumentTexts(container).length > 0) return;
    const problem = `${by} names the config file \`${path}\`, which is not among \`uploads\`, so that nothing is known of its models`;
    yield { resource: container, problem, unreadable: true };
  }

  function* open(index: number, upload: Upload): Generator<ConfigFile | Unreadable> {
    read.add(index);
    const path = known(() => upload.file);
    const place = `\`uploads[${index}]\`${path === undefined ? "" : ` (\`${path}\`)`} of \`${container.name}\``;
    const unreadable = (problem: string): Unreadable => ({ resource: container, problem, unreadable: true });
    const text = textOfUpload(upload);
    if (text === undefined) {
      if (upload.source)
        yield unreadable(`${place} is copied from \`source\`, which is not read; give it as \`content\``);
      return;
    }
    const config = parsed(text);
    if (config === undefined) yield unreadable(`${place} is not YAML`);
    else if (isMapping(config)) {
      const variable = environment(container, config.environment_variables);
      yield { container, place, config, variable };
      for (const [entry, included] of listOf(config.include).entries())
        named.push({
          path: normalize(posix.join(posix.dirname(upload.file), String(included))),
          by: `\`include[${entry}]\` in ${place}`,
        });
    }
    if (path !== undefined) yield* covering(container, path, place, unreadable);
  }
}

/** A config that stands among the arguments of a container, and where, in words. */
interface ArgumentText {
  readonly text: string;
  readonly place: string;
}

function argumentTexts({ name, props }: Container): ArgumentText[] {
  return (["entrypoints", "command"] as const).flatMap((list) =>
    elements(known(() => props[list])).flatMap((text, index) =>
      text !== undefined && isConfigText(text)
        ? [{ text, place: `\`${list}[${index}]\` of \`${name}\`` }]
        : [],
    ),
  );
}

/** Whether a path is in a file system in memory, which is empty when the container starts. */
function isInMemory({ props }: Container, path: string): boolean {
  return Object.keys(known(() => props.tmpfs) ?? {}).some((folder) => isWithin(path, normalize(folder)));
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const uploadsOf = ({ props }: Container): readonly Upload[] => props.uploads ?? [];

/** What is mounted over a config file: what LiteLLM then reads is another one, or may become so. */
function* covering(
  container: Container,
  path: string,
  place: string,
  unreadable: (problem: string) => Unreadable,
): Generator<Unreadable> {
  yield* eachKnown(mounts(container), function* (mount) {
    if (mount.kind === "container" || !isWithin(normalize(path), normalize(mount.target || "/"))) return;
    yield unreadable(`${place} is in what \`${mount.at}\` mounts, which may hold another file`);
  });
}

/** The folder in which LiteLLM's own images start it. */
const WORKING_DIRECTORY = "/app";

/** The config files that the command and the environment name, as far as they are known. */
function namedFiles(container: Container): Named[] {
  const { name, props } = container;
  const folder = known(() => props.workingDir) || WORKING_DIRECTORY;
  const add = (path: string, at: string): Named => ({
    path: normalize(posix.resolve(folder, path)),
    by: `\`${at}\` of \`${name}\``,
  });
  const arguments_ = (["entrypoints", "command"] as const).flatMap((list) =>
    elements(known(() => props[list])).map((text, index) => ({ text: text ?? "", at: `${list}[${index}]` })),
  );
  const flagged = arguments_.flatMap(({ text, at }, index) => {
    const { text: next = "", at: nextAt = at } = arguments_[index + 1] ?? {};
    if (text === "--config" || (text === "-c" && /^\S+\.ya?ml$/i.test(next))) return [add(next, nextAt)];
    const inside = text.matchAll(/(?:^|\s)(?:--config[=\s]\s*|-c[=\s]?\s*(?=\S+\.ya?ml))["']?([^\s"';&|]+)/g);
    return [...inside].map(([, path = ""]) => add(path, at));
  });
  const fromVariables = (known(() => variables(container)) ?? []).flatMap(({ at, name: variable, value }) =>
    variable === "CONFIG_FILE_PATH" || (variable === "WORKER_CONFIG" && /\.ya?ml$/i.test(value))
      ? [add(value, at)]
      : [],
  );
  return [...flagged, ...fromVariables];
}

/** Variables by which LiteLLM takes its config from somewhere else than a file. */
function* elsewhere(container: Container): Generator<Unreadable> {
  for (const { at, name, value } of variables(container)) {
    const isElsewhere =
      name === "LITELLM_CONFIG_BUCKET_NAME" || (name === "WORKER_CONFIG" && !/\.ya?ml$/i.test(value));
    if (!isElsewhere) continue;
    const problem = `\`${at}\` (\`${name}\`) of \`${container.name}\` gives LiteLLM a config that is not read; give it a file among \`uploads\``;
    yield { resource: container, problem, unreadable: true };
  }
}

const SECTIONS =
  /^[^\S\n]*[{"']*(model_list|litellm_settings|general_settings|router_settings|environment_variables|credential_list|mcp_servers|search_tools|guardrails|vector_store_registry)["']?\s*:/m;

/** Whether LiteLLM is to read an upload as its config: it is named so, or holds what such a file holds. */
function isConfig(upload: Upload, named: readonly Named[]): boolean {
  const file = known(() => upload.file);
  if (file !== undefined && named.some(({ path }) => path === normalize(file))) return true;
  const text = textOfUpload(upload);
  return (named.length === 0 && /\.ya?ml$/i.test(file ?? "")) || isConfigText(text ?? "");
}

/** Whether a text holds what LiteLLM's config does. */
export function isConfigText(text: string): boolean {
  return SECTIONS.test(text);
}

/** What a YAML text holds, as LiteLLM reads it (1.1: with merge keys); undefined for what is not YAML. */
function parsed(text: string): unknown {
  const document = parseDocument(text, { version: "1.1", logLevel: "silent" });
  if (document.errors.length > 0) return undefined;
  try {
    // `null` for an empty file.
    return document.toJS() ?? null;
  } catch {
    return undefined; // An alias of nothing, or too many of them.
  }
}

/** Looks up environment variables of a container, and before them those that its config sets. */
export function environment(container: Container, config: unknown = {}): Lookup {
  return (name) => {
    const own = isMapping(config) ? config[name] : undefined;
    if (own !== undefined && own !== null) return String(own);
    const value = variables(container).findLast((variable) => variable.name === name)?.value;
    if (value === undefined) ensureKnown(container.props.envs);
    return value;
  };
}
