/** Where a LiteLLM sends what it is asked: the hosts in its config, environment and command. */

import { isConfigText, type Lookup } from "./litellm-config.ts";
import { isOwnNetwork } from "./networks.ts";
import { type Container, isContainer, type Resource } from "./resource.ts";
import { isSecretName } from "./secrets.ts";
import type { Text } from "./strings.ts";
import { eachKnown, elements, known } from "./unknown.ts";
import { bareHost, urlHosts } from "./urls.ts";

/** Names of what must be a URL. */
const ADDRESS = /(^|_)(api_base|base_url|api_url|endpoint)$|^apiBase$/i;

/** Names of what may be a host alone. */
const HOST = /(^|_)(host|hostname|server|url|uri|address|addr|target|webhook|dsn)s?$/i;

/** Where LiteLLM is reached, keeps its own data or sends mail: no places that it sends requests on to. */
const OWN = /^(proxy_base_url|database_url|direct_url|database_host|smtp_host)$/i;

/** What LiteLLM listens on, as a variable or an option. */
const LISTENING = /^(host|hostname)$/i;

/** Whether LiteLLM may call a host. Where that depends on something unknown, it throws. */
export type IsAllowed = (host: string) => boolean;

/** What is wrong with where a text leads, which stands at `place`; empty where it leads nowhere. */
export function* addressProblems(
  { key, text }: Pick<Text, "key" | "text">,
  place: string,
  variable: Lookup,
  isAllowed: IsAllowed,
): Generator<string> {
  const reference = /^os\.environ\/(.+)$/s.exec(text)?.[1];
  // Keys are sent along, not called; and a preview often does not know them.
  if (OWN.test(key) || (reference !== undefined && isSecretName(key))) return;
  const value = reference === undefined ? text : variable(reference);
  if (value === undefined || value === "") {
    if (ADDRESS.test(key) && reference !== undefined)
      yield `${place} is \`os.environ/${reference}\`, which is not set`;
    return;
  }
  const urls = urlHosts(value);
  // The variable is judged where it is set.
  if (reference !== undefined && urls.length > 0 && !OWN.test(reference)) return;
  if (urls.length === 0 && ADDRESS.test(key)) {
    yield `${place} is not a URL`;
    return;
  }
  if (urls.includes(undefined)) yield `${place} holds a URL that not every program reads in the same way`;
  const hosts = urls.length === 0 && HOST.test(key) ? [bareHost(value)] : urls;
  for (const host of new Set(hosts))
    if (host !== undefined && !isAllowed(host))
      yield `${place} points at \`${host}\`, which is neither on the stack's network nor allowed`;
}

/** What is wrong with the hosts in a container's environment variables. */
export function* variableProblems(
  container: Container,
  variable: Lookup,
  isAllowed: IsAllowed,
): Generator<string> {
  const envs = container.props.envs ?? [];
  yield* eachKnown(Array.from({ length: envs.length }).keys(), function* (index) {
    const [key = "", ...value] = (envs[index] ?? "").split("=");
    if (LISTENING.test(key)) return;
    const place = `\`envs[${index}]\` (\`${key}\`) of \`${container.name}\``;
    yield* addressProblems({ key, text: value.join("=") }, place, variable, isAllowed);
  });
}

/** An argument of a container's command. */
export interface Argument {
  /** In words, such as `` `command[1]` of `proxy` ``. */
  readonly place: string;
  /** The option that it belongs to, as a name: `api_base` of `--api_base`; empty for none. */
  readonly option: string;
  readonly value: string;
}

/** The arguments that a container is started with; what is unknown throws after the rest. */
export function* argumentsOf({ name: title, props }: Container): Generator<Argument> {
  yield* eachKnown(["entrypoints", "command"] as const, function* (list) {
    const given = elements(props[list]);
    yield* eachKnown(given.keys(), function* (index) {
      const text = props[list]?.[index] ?? "";
      // A config is judged as such; a program is not judged, as a file of one is not.
      if (isConfigText(text) || isPython(given, index)) return;
      const [, option, value] = /^--?([\w-]+)=(.*)$/s.exec(text) ?? [];
      const before = /^--?([\w-]+)$/.exec(given[index - 1] ?? "")?.[1];
      const name = (option ?? before ?? "").replaceAll("-", "_");
      yield {
        place: `\`${list}[${index}]\` of \`${title}\``,
        option: LISTENING.test(name) ? "" : name,
        value: value ?? text,
      };
    });
  });
}

/** Whether an argument is a program in Python, which the container is started with. */
function isPython(given: readonly (string | undefined)[], index: number): boolean {
  return given[index - 1] === "-c" && /(^|\/)python[\d.]*$/.test(given[0] ?? "");
}

/** What is wrong with names to which a container's `hosts` give an address of their own. */
export function* redirections({ name, props }: Container, allowed: readonly string[]): Generator<string> {
  yield* eachKnown((props.hosts ?? []).keys(), function* (index) {
    const { host = "", ip = "" } = props.hosts?.[index] ?? {};
    if (allowed.includes(host.toLowerCase())) return;
    // By itself this leads nowhere: what calls that name is judged.
    if (host === "host.docker.internal" && ip === "host-gateway") return;
    yield `\`hosts[${index}]\` of \`${name}\` sends \`${host}\` to \`${ip}\``;
  });
}

/**
 * Whether `host` is a container of the stack that one of `callers` shares a network with: by its name or an alias there.
 * Without callers, any container. Where it may be one whose name or network is unknown yet, that throws.
 */
export function isHostOfStack(
  host: string,
  callers: readonly Container[],
  resources: readonly Resource[],
): boolean {
  const containers = resources.filter(isContainer);
  const wanted = host.toLowerCase();
  const networks = callers.flatMap((caller) => [...elements(known(() => networksOf(caller)))]);
  const near = (network: string | undefined) =>
    callers.length === 0 || (network !== undefined && networks.includes(network));
  const isNear = (container: Container) => callers.includes(container) || networksOf(container).some(near);
  const isNamed = ({ props }: Container) => known(() => props.name)?.toLowerCase() === wanted;
  const hasAlias = ({ props }: Container) =>
    elements(known(() => props.networksAdvanced)).some(
      (network) =>
        elements(known(() => network?.aliases)).some((alias) => alias?.toLowerCase() === wanted) &&
        near(network?.name),
    );
  const found = containers.some(
    (container) =>
      (known(() => isNamed(container) && (callers.length === 0 || isNear(container))) ?? false) ||
      (known(() => hasAlias(container)) ?? false),
  );
  if (found) return true;
  for (const container of [...callers, ...containers]) {
    void container.props.name;
    for (const { name, aliases } of container.props.networksAdvanced ?? []) {
      void name;
      for (const alias of aliases ?? []) void alias;
    }
    networksOf(container);
  }
  return false;
}

/** The networks on which a container finds others by name. */
function networksOf({ props }: Container): string[] {
  const names = (props.networksAdvanced ?? []).map(({ name }) => name);
  return [...names, props.networkMode ?? ""].filter(isOwnNetwork);
}
