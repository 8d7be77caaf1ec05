/** One of llm-stack's components in a program of your own: an Ollama server with a model, without the rest of the stack. */

import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { OllamaServer } from "../../infra/ollama-server.ts";

const config = new pulumi.Config();
/** Of the network, the container and its volume. */
const name = config.get("name") ?? "my-ollama";
const gguf = config.get("gguf");

const network = new docker.Network("network", { name });

const server = new OllamaServer("server", {
  image: config.get("image") ?? "ollama/ollama:0.17.1",
  engineVersion: config.get("engineVersion") ?? "28.0.0",
  networkName: network.name,
  hostName: name,
  port: config.getNumber("port") ?? 11434,
  models: [{ name: config.get("model") ?? "tinyllama", ...(gguf !== undefined && { gguf }) }],
});

export const url = server.hostUrl;
