/** The stack: an OpenAI-compatible proxy, its database, and model servers, on one Docker network. */

import * as pulumi from "@pulumi/pulumi";
import { stackConfigFromPulumi } from "./config/from-pulumi.ts";
import { readPrepared } from "./config/prepared.ts";
import { completeContainers } from "./infra/container-hooks.ts";
import { Database } from "./infra/database.ts";
import { StackImages } from "./infra/images.ts";
import { LiteLlmObjects } from "./infra/litellm-objects.ts";
import { LiteLlmProxy } from "./infra/litellm-proxy.ts";
import { StackNetwork } from "./infra/network.ts";
import { OllamaServer } from "./infra/ollama-server.ts";
import { guardOwnership } from "./infra/ownership.ts";
import { StackSecrets } from "./infra/secrets.ts";
import { stackInputs } from "./infra/stack-inputs.ts";

const root = import.meta.dirname;
const config = stackConfigFromPulumi(root);
const inputs = stackInputs(root, config, readPrepared(root, pulumi.getStack()));
guardOwnership(inputs.stateLocation);
completeContainers();

const secrets = new StackSecrets("secrets", inputs.givenSecrets);
const images = new StackImages("images", inputs.images);
const { networkName } = new StackNetwork("network", inputs.network);

const database = new Database("database", {
  ...inputs.database,
  image: images.postgres,
  networkName,
  password: secrets.databasePassword,
});

const servers = inputs.ollama.map(
  (server) => new OllamaServer(server.hostName, { ...server, image: images.ollama, networkName }),
);

const proxy = new LiteLlmProxy("proxy", {
  ...inputs.proxy,
  image: images.litellm,
  networkName,
  databaseUrl: database.url,
  masterKey: secrets.masterKey,
  saltKey: secrets.saltKey,
});

const objects = new LiteLlmObjects("objects", {
  ...inputs.objects,
  endpoint: proxy.readyUrl,
  masterKey: secrets.masterKey,
  database,
});

export const proxyUrl = proxy.url;
export const openaiBaseUrl = pulumi.interpolate`${proxy.url}/v1`;
export const uiUrl = pulumi.interpolate`${proxy.url}/ui`;
export const models = config.models.map((model) => model.name);
export const ollamaUrls = Object.fromEntries(servers.map((server) => [server.hostName, server.hostUrl]));
export const masterKey = secrets.masterKey;
export const { agent: agentKey } = objects.keys;
export const keys = objects.keys;
export const databaseUrl = pulumi.secret(database.hostUrl);
