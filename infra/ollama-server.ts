import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { ggufPath, weightsVolume } from "../config/names.ts";
import { containerOptions, hardened, healthcheck } from "./container.ts";
import { USER_LABEL } from "./labels.ts";
import { script } from "./scripts.ts";

/** A model that a server provides. */
export interface OllamaModelArgs {
  /** Name on the server. */
  name: string;
  /** Absolute path of a GGUF file on the Docker host; unset: pulled from the Ollama registry. */
  gguf?: string;
  /** Default: `chat`. */
  mode?: "chat" | "embedding";
}

/** Inputs of {@link OllamaServer}. */
export interface OllamaServerArgs {
  /** Image to run: an id, or a reference. */
  image: pulumi.Input<string>;
  /** Docker engine version, such as `20.10.24`; it decides how often health is probed. */
  engineVersion: string;
  /** User network that the proxy is on too. */
  networkName: pulumi.Input<string>;
  /** Host name on the network. Default: the resource's name. */
  hostName?: string;
  /** Default: the host name. */
  containerName?: string;
  /** Volume for the weights. Default: `<container name>_data`. It outlives the server. */
  volumeName?: string;
  /** Port on the host's loopback. Ollama has no authentication: it is never published further. */
  port: number;
  /** Models that are pulled or created, loaded and kept loaded. */
  models: readonly OllamaModelArgs[];
  /** NVIDIA GPUs: `all`, or device indexes. Default: none. */
  gpu?: "all" | readonly number[];
  /** Memory limit. Default: `4g`. */
  memory?: string;
  /** CPU threads of a model. Default: Ollama's own choice, every core. */
  threads?: number;
  /** Requests that a model answers at the same time. Default: 1. */
  parallel?: number;
  /** How long a model stays loaded after a request. Default: `-1`, for ever. */
  keepAlive?: string;
  /** PEM text of certificate authorities to trust in addition to the public ones. */
  caBundle?: string;
}

/** User and group ids of a server: those that images without a root user have (distroless). */
export const OLLAMA_USER = "65532:65532";
/**
 * Where the volume of weights is. Docker gives a new volume the mode of the folder that it covers, and of all folders that
 * every image has, this one is open to every user.
 */
const WEIGHTS = "/var/tmp";

/** The value of Docker's `gpus` option: `all`, `device=0,1`, or undefined for none. */
export function gpusOption(gpu: OllamaServerArgs["gpu"]): string | undefined {
  return gpu === undefined || gpu === "all" ? gpu : `device=${gpu.join(",")}`;
}

/** What the start script gets for one model: `NAME|SOURCE|MODE|THREADS`. */
export function modelArgument(model: OllamaModelArgs, threads: number | undefined): string {
  const source = model.gguf === undefined ? "registry" : ggufPath(model.name);
  return [model.name, source, model.mode ?? "chat", threads ?? ""].join("|");
}

/**
 * An Ollama server with its models. It is healthy once every model has been loaded, and while all of them are present;
 * a restart loads them again. Its volume of weights stays when the server is removed: weights are slow to fetch.
 */
export class OllamaServer extends pulumi.ComponentResource {
  /** Address as seen on the network. */
  readonly url: pulumi.Output<string>;
  /** Address as seen from the host. */
  readonly hostUrl: pulumi.Output<string>;
  readonly containerName: pulumi.Output<string>;
  /** Host name on the network. */
  readonly hostName: string;

  constructor(name: string, args: OllamaServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-stack:docker:OllamaServer", name, {}, opts);
    const hostName = args.hostName ?? name;
    this.hostName = hostName;
    const containerName = args.containerName ?? hostName;

    const volume = new docker.Volume(
      `${name}-data`,
      {
        name: args.volumeName ?? weightsVolume(containerName),
        labels: [{ label: USER_LABEL, value: OLLAMA_USER }],
      },
      { parent: this, retainOnDelete: true, ignoreChanges: ["labels"] },
    );

    const container = new docker.Container(
      name,
      {
        ...hardened({ memory: args.memory ?? "4g", cpuShares: 512, stopSeconds: 10, processes: 4096 }),
        name: containerName,
        image: args.image,
        user: OLLAMA_USER,
        entrypoints: ["/bin/bash", "-c", script("ollama-start.sh"), "ollama-start"],
        command: args.models.map((model) => modelArgument(model, args.gpu ? undefined : args.threads)),
        envs: [
          "HOME=/tmp",
          `OLLAMA_MODELS=${WEIGHTS}/models`,
          "OLLAMA_HOST=0.0.0.0:11434",
          `OLLAMA_KEEP_ALIVE=${args.keepAlive ?? "-1"}`,
          `OLLAMA_NUM_PARALLEL=${args.parallel ?? 1}`,
          `OLLAMA_MAX_LOADED_MODELS=${args.models.length}`,
          "OLLAMA_NO_CLOUD=1",
          // Searched in addition to the image's own bundle.
          ...(args.caBundle === undefined ? [] : ["SSL_CERT_DIR=/llm-stack/ca"]),
        ],
        healthcheck: healthcheck({
          script: "ollama-health.sh",
          engineVersion: args.engineVersion,
          startSeconds: 3600, // a first start may pull many gigabytes
        }),
        waitTimeout: 3600,
        volumes: [
          { volumeName: volume.name, containerPath: WEIGHTS },
          ...args.models.flatMap((model) =>
            model.gguf === undefined
              ? []
              : [{ hostPath: model.gguf, containerPath: ggufPath(model.name), readOnly: true }],
          ),
        ],
        tmpfs: { "/tmp": "mode=1777" },
        // Docker copies no file into a read-only container.
        ...(args.caBundle === undefined
          ? { readOnly: true }
          : { uploads: [{ file: "/llm-stack/ca/extra.pem", content: args.caBundle }] }),
        ...(args.gpu === undefined ? {} : { gpus: gpusOption(args.gpu) as string }),
        ports: [{ internal: 11434, external: args.port, ip: "127.0.0.1" }],
        networkMode: "bridge",
        networksAdvanced: [{ name: args.networkName, aliases: [hostName] }],
      },
      { ...containerOptions, parent: this },
    );

    this.containerName = container.name;
    this.url = pulumi.output(`http://${hostName}:11434`);
    this.hostUrl = pulumi.output(`http://127.0.0.1:${args.port}`);
    this.registerOutputs({ url: this.url, hostUrl: this.hostUrl, containerName: this.containerName });
  }
}
