/** Which containers are LiteLLM, PostgreSQL or Ollama, and of which version. */

import { compareVersions } from "../config/compare-versions.ts";
import type { ImageReference } from "../config/image-reference.ts";
import { SERVICES, type Service } from "../config/services.ts";
import { exploitedBecause, LITELLM_FIXED } from "../litellm/versions.ts";
import { IMAGE_LABEL, type References, referencesOf, versionOf } from "./images.ts";
import type { Container, Resource } from "./resource.ts";
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

const SERVERS = ["postgres", "ollama"] as const;

/**
 * What a container is: by its image or its `LITELLM_` variables LiteLLM; else by its image, by its variables, by its
 * ports, by the label of its image. Undefined for another person's container; where only something unknown could decide,
 * it throws.
 */
export function serviceOf(container: Container, resources: readonly Resource[]): Service | undefined {
  const { props } = container;
  const { certain, claimed } = referencesIn(container, resources);
  const names = known(() => variables(container))?.map(({ name }) => name) ?? [];
  const ports = elements(known(() => props.ports)).map((port) => known(() => port?.internal));

  const runs = (service: Service) => certain.some((reference) => isImageOf(service, reference));
  const configured = (service: Service) => hasServerVariables(service, names);
  const found =
    (runs("litellm") || configured("litellm") ? "litellm" : undefined) ??
    SERVERS.find(runs) ??
    SERVERS.find(configured) ??
    ports.map((port) => PORTS[port ?? 0]).find((service) => service !== undefined) ??
    SERVICES.find((service) => claimed !== undefined && isImageOf(service, claimed));
  if (found === undefined) {
    referencesOf(container, resources);
    ensureKnown(props.envs);
    for (const port of props.ports ?? []) void port.internal;
    // The label that names the image may be one of those not known yet.
    for (const { label, value } of props.labels ?? []) if (label === IMAGE_LABEL) void value;
  }
  return found;
}

/**
 * Which server without authentication of its own a container is: also by an image or a label that `serviceOf` finds
 * outweighed by `LITELLM_` variables, which anyone can set.
 */
export function backendOf(
  container: Container,
  resources: readonly Resource[],
): (typeof SERVERS)[number] | undefined {
  const service = serviceOf(container, resources);
  if (service !== "litellm") return service;
  const { certain, claimed } = referencesIn(container, resources);
  if (certain.some((reference) => isImageOf("litellm", reference))) return undefined;
  return SERVERS.find((server) =>
    [...certain, ...(claimed ? [claimed] : [])].some((reference) => isImageOf(server, reference)),
  );
}

function referencesIn(container: Container, resources: readonly Resource[]): References {
  return known(() => referencesOf(container, resources)) ?? { certain: [], claimed: undefined };
}

function isImageOf(service: Service, { repository }: ImageReference): boolean {
  return IMAGES[service].test(repository.split("/").at(-1) ?? "");
}

/** Whether environment variables of these names are for the server itself. */
function hasServerVariables(service: Service, names: readonly string[]): boolean {
  const { server, client } = VARIABLES[service];
  const own = names.filter((name) => server.test(name) && !client.test(name));
  // A client of PostgreSQL takes its user and password from variables of the same names as the server.
  return own.length > 0 && (service === "litellm" || !names.some((name) => client.test(name)));
}

/** The versions of the service that a container runs. */
export interface Versions {
  /** Undefined where no image of that name has it in its tag. */
  readonly certain: string | undefined;
  /** What a label says; see {@link References.claimed}. */
  readonly claimed: string | undefined;
}

/** The versions of the service that a container's image and its label tell. */
export function versionsOfService(
  service: Service,
  container: Container,
  resources: readonly Resource[],
): Versions {
  const { certain, claimed } = referencesOf(container, resources);
  const first = (references: readonly ImageReference[]) =>
    references
      .filter((reference) => isImageOf(service, reference))
      .map(({ tag }) => versionOf(tag))
      .find((version) => version !== undefined);
  return { certain: first(certain), claimed: first(claimed ? [claimed] : []) };
}

/** The version of a LiteLLM with known vulnerabilities that are not actively exploited; undefined for anything else. */
export function outdatedLitellm(container: Container, resources: readonly Resource[]): string | undefined {
  if (serviceOf(container, resources) !== "litellm") return undefined;
  const { certain, claimed } = versionsOfService("litellm", container, resources);
  return [certain, claimed].find(
    (version) =>
      version !== undefined &&
      exploitedBecause(version) === undefined &&
      compareVersions(version, LITELLM_FIXED) < 0,
  );
}
