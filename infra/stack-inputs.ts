/** Turns the stack's config and the facts of the prepared machine into the arguments of its components. */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../config/errors.ts";
import { DATABASE, NETWORK_NAME, PROXY } from "../config/names.ts";
import { NAMESPACE } from "../config/namespace.ts";
import { type Prepared, usesStandIn } from "../config/prepared.ts";
import { secretEnvName } from "../config/secrets.ts";
import type { ResolvedModel, ResolvedOllamaServer, StackConfig } from "../config/stack-config.ts";
import { renderProxyConfig } from "../litellm/config-file.ts";

/**
 * CPU threads for each server that sets none and has no GPU: the engine's cores divided among the CPU servers, at
 * least one. By default each Ollama server takes every core: measured on two cores, three servers together answered
 * 9 requests a second that way, and 45 with one thread each.
 */
export function sharedThreads(servers: readonly Pick<ResolvedOllamaServer, "gpu">[], cpus: number): number {
  const sharing = servers.filter((server) => server.gpu === undefined).length;
  return Math.max(1, Math.floor(cpus / Math.max(1, sharing)));
}

/**
 * Where the stack's state is, for a label that everybody can read: a back end's URL may hold a password, before its host or
 * among its parameters, such as `postgres://user:password@db/pulumi?sslmode=require`.
 *
 * @param backend Pulumi's back-end URL. Default: Pulumi Cloud
 */
export function stateLocation(backend: string | undefined): string {
  if (backend === undefined) return "Pulumi Cloud";
  if (!URL.canParse(backend)) return "a back end whose address is not a URL";
  const { protocol, host, pathname } = new URL(backend);
  return `${protocol}//${host}${pathname}`;
}

/** The names of the secret config values that these models' providers need, each once. */
export function providerSecrets(models: StackConfig["models"]): string[] {
  const names = models
    .flatMap((model) => model.deployments)
    .flatMap((deployment) => (deployment.kind === "provider" ? [deployment.secret] : []));
  return [...new Set(names)].filter((name) => name !== "none");
}

/** What of the built LiteLLM image can be told for sure (`from-source/images/litellm/Dockerfile`). */
const BUILT_LITELLM = {
  user: "1000:1000",
  uiFolder: "/usr/local/lib/python3.11/dist-packages/litellm/proxy/_experimental/out",
};

/** The longest argument that Linux gives to a program (MAX_ARG_STRLEN), with its end. */
const LONGEST_ARGUMENT = 128 * 1024 - 1;

/** @throws {ConfigError} when it is too long */
function proxyConfig(config: StackConfig): string {
  const text = renderProxyConfig(config);
  const bytes = Buffer.byteLength(text);
  if (bytes > LONGEST_ARGUMENT)
    throw new ConfigError([
      `\`models\`: LiteLLM's config for them has ${bytes} bytes, and at most ${LONGEST_ARGUMENT} can be handed over. Let LiteLLM keep some of them in its database: \`store: database\`.`,
    ]);
  return text;
}

/** The arguments of every component that do not come from another component. */
export function stackInputs(root: string, config: StackConfig, prepared: Prepared) {
  const settings = new pulumi.Config(NAMESPACE);
  const { namePrefix } = config;
  const engineVersion = prepared.engine.version;
  const threads = sharedThreads(config.ollama, prepared.engine.cpus);
  const caBundle =
    config.network.caBundle === undefined
      ? {}
      : { caBundle: readFileSync(resolve(root, config.network.caBundle), "utf8") };
  const secrets = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, settings.requireSecret(name)]));
  const stored = (where: ResolvedModel["store"]) => config.models.filter(({ store }) => store === where);
  const gguf = (model: { name: string; gguf?: string | undefined }) =>
    usesStandIn(model, prepared.standIn)
      ? prepared.standIn?.gguf
      : model.gguf === undefined
        ? undefined
        : resolve(root, model.gguf);

  return {
    stateLocation: stateLocation(process.env.PULUMI_BACKEND_URL),
    givenSecrets: {
      masterKey: settings.getSecret("masterKey"),
      saltKey: settings.getSecret("saltKey"),
      databasePassword: settings.getSecret("databasePassword"),
    },
    images: {
      postgres: prepared.images.postgres.ref,
      ollama: prepared.images.ollama.ref,
      litellm: prepared.images.litellm.ref,
    },
    network: { networkName: `${namePrefix}${NETWORK_NAME}` },
    database: {
      engineVersion,
      containerName: `${namePrefix}${DATABASE.container}`,
      volumeName: `${namePrefix}${DATABASE.volume}`,
      port: config.database.port,
      memory: config.database.memory,
    },
    ollama: config.ollama.map((server) => ({
      engineVersion,
      hostName: server.name,
      containerName: `${namePrefix}${server.name}`,
      port: server.port,
      models: server.models.map((model) => ({ name: model.name, mode: model.mode, gguf: gguf(model) })),
      gpu: server.gpu,
      memory: server.memory,
      threads: server.threads ?? threads,
      parallel: server.parallel,
      keepAlive: server.keepAlive,
      ...caBundle,
    })),
    proxy: {
      engineVersion,
      containerName: `${namePrefix}${PROXY.container}`,
      port: config.proxy.port,
      bind: config.network.bind,
      memory: config.proxy.memory,
      ...(prepared.images.litellm.source === "built" ? BUILT_LITELLM : {}),
      config: proxyConfig(config),
      secretEnvironment: Object.fromEntries(
        Object.entries(secrets(providerSecrets(stored("config")))).map(([name, value]) => [
          secretEnvName(name),
          value,
        ]),
      ),
      ...caBundle,
    },
    objects: {
      teams: config.teams,
      keys: config.keys,
      models: stored("database"),
      secrets: secrets([
        ...providerSecrets(stored("database")),
        ...config.keys.flatMap(({ value }) => value ?? []),
      ]),
    },
  };
}
