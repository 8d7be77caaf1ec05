/** Which containers are LiteLLM, PostgreSQL or Ollama, and of which version. */

import type { Service } from "../config/services.ts";
import { compareVersions, type Reference, referencesOf, versionOf } from "./images.ts";
import type { Container, Resource } from "./resource.ts";
import type { RuleFacts } from "./rule.ts";
import { cve } from "./sources.ts";
import { elements, ensureKnown, known } from "./unknown.ts";
import { variables } from "./variables.ts";

/** As people know it. */
export const TITLES: Readonly<Record<Service, string>> = {
  litellm: "LiteLLM",
  postgres: "PostgreSQL",
  ollama: "Ollama",
};

/** The last part of an image's name. Other images of a similar name, such as exporters, are something else. */
const IMAGES: Readonly<Record<Service, RegExp>> = {
  litellm: /litellm/i,
  postgres: /^(postgres|postgresql|pgvector)$/i,
  ollama: /^ollama$/i,
};

/** Environment variables that the server reads; a `client` variable means that the container only calls it. */
const VARIABLES: Readonly<Record<Service, { readonly server: RegExp; readonly client: RegExp }>> = {
  litellm: {
    server: /^LITELLM_/,
    client: /^LITELLM_(API_KEY|API_BASE|BASE_URL|URL|HOST|PROXY_.*)$/,
  },
  postgres: {
    server: /^(POSTGRES_|PGDATA$)/,
    client: /^POSTGRES_(HOST|HOSTNAME|SERVER|ADDR|ADDRESS|URL|URI)$/,
  },
  ollama: { server: /^OLLAMA_/, client: /^OLLAMA_(API_BASE|API_BASE_URL|BASE_URL|URL|API_KEY)$/ },
};

const PORTS: Readonly<Record<number, Service>> = { 5432: "postgres", 11434: "ollama" };

/**
 * What a container is: by its image or its `LITELLM_` variables LiteLLM; else by its image, by its variables, by its
 * ports. Undefined for another person's container; where only something unknown could tell, it throws.
 */
export function serviceOf(container: Container, resources: readonly Resource[]): Service | undefined {
  const { props } = container;
  const references = known(() => referencesOf(container, resources)) ?? [];
  const names = known(() => variables(container))?.map(({ name }) => name) ?? [];
  const ports = elements(known(() => props.ports)).map((port) => known(() => port?.internal));

  const runs = (service: Service) => references.some((reference) => isImageOf(service, reference));
  const told = (service: Service) => isTold(service, names);
  const servers = ["postgres", "ollama"] as const;
  const found =
    (runs("litellm") || told("litellm") ? "litellm" : undefined) ??
    servers.find(runs) ??
    servers.find(told) ??
    ports.map((port) => PORTS[port ?? 0]).find((service) => service !== undefined);
  if (found === undefined) {
    referencesOf(container, resources);
    ensureKnown(props.envs);
    for (const port of props.ports ?? []) void port.internal;
  }
  return found;
}

function isImageOf(service: Service, { repository }: Reference): boolean {
  return IMAGES[service].test(repository.split("/").at(-1) ?? "");
}

/** Whether environment variables of these names are for the server itself. */
function isTold(service: Service, names: readonly string[]): boolean {
  const { server, client } = VARIABLES[service];
  const own = names.filter((name) => server.test(name) && !client.test(name));
  // A client of PostgreSQL is told its user and password by the names that the server has for them.
  return own.length > 0 && (service === "litellm" || !names.some((name) => client.test(name)));
}

/** The version of the service that a container runs; undefined where no image of the service's name tells it. */
export function versionOfService(
  service: Service,
  container: Container,
  resources: readonly Resource[],
): string | undefined {
  return referencesOf(container, resources)
    .filter((reference) => isImageOf(service, reference))
    .map(({ tag }) => versionOf(tag))
    .find((version) => version !== undefined);
}

/** The first LiteLLM without the known holes that need no more than a request. */
export const LITELLM_SAFE = "1.84.0";

/** The holes of the versions before {@link LITELLM_SAFE}; the first lets whoever reaches it in without a key. */
export const LITELLM_HOLES: RuleFacts["sources"] = [
  cve("CVE-2026-49468"),
  cve("CVE-2026-35029"),
  cve("CVE-2026-35030"),
  cve("CVE-2026-40217"),
  cve("CVE-2026-47101"),
  cve("CVE-2026-47102"),
];

/** Why a LiteLLM of this version must not run anywhere; undefined where nothing speaks against it. */
export function exploited(version: string): string | undefined {
  if (["1.82.7", "1.82.8"].some((bad) => compareVersions(version, bad) === 0))
    return "whose package on PyPI was malware";
  return compareVersions(version, "1.74.2") >= 0 && compareVersions(version, "1.83.6") <= 0
    ? "whose holes CVE-2026-42271 and CVE-2026-42208 are exploited"
    : undefined;
}

/** The first Ollama without CVE-2026-7482. */
export const OLLAMA_SAFE = "0.17.1";

/** The version of a LiteLLM with known holes, which nobody is known to exploit; undefined for anything else. */
export function outdatedLitellm(container: Container, resources: readonly Resource[]): string | undefined {
  if (serviceOf(container, resources) !== "litellm") return undefined;
  const version = versionOfService("litellm", container, resources);
  if (version === undefined || exploited(version) !== undefined) return undefined;
  return compareVersions(version, LITELLM_SAFE) < 0 ? version : undefined;
}
