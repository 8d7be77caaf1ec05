import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { PROXY } from "../config/names.ts";
import { PROXY_CONFIG_ENVIRONMENT } from "../litellm/config-file.ts";
import { containerOptions, hardened, healthcheck } from "./container.ts";
import { script } from "./scripts.ts";

/** Inputs of {@link LiteLlmProxy}. */
export interface LiteLlmProxyArgs {
  /** Image to run: an id, or a reference. */
  image: pulumi.Input<string>;
  /** Docker engine version, such as `20.10.24`; it decides how often health is probed. */
  engineVersion: string;
  /** User network that the database and the model servers are on too. */
  networkName: pulumi.Input<string>;
  /** LiteLLM's config as YAML, at most 128 KiB. It is kept in the state as plain text: it must contain no secret. */
  config: pulumi.Input<string>;
  /** Must start with `sk-`. */
  masterKey: pulumi.Input<string>;
  /** Encrypts the credentials in the database; must never change while there are any. */
  saltKey: pulumi.Input<string>;
  /** PostgreSQL connection URL as seen on the network. */
  databaseUrl: pulumi.Input<string>;
  /** Further secret environment variables, such as `GEMINI_API_KEY`, that the config refers to. */
  secretEnvironment?: Record<string, pulumi.Input<string>>;
  /** Default: `litellm`. */
  containerName?: string;
  /** Port on the host. Default: 4444. */
  port?: number;
  /** Host address that the port is bound to. Default: `127.0.0.1`. */
  bind?: string;
  /** Memory limit. Default: `4g`. */
  memory?: string;
  /** PEM text of certificate authorities to trust in addition to the public ones. */
  caBundle?: string;
  /** User and group ids, such as `1000:1000`. Default: the image's own. */
  user?: string;
  /**
   * Folder of the image where LiteLLM rewrites the files of its user interface at each start. When it is given, and no
   * `caBundle`, nothing else of the image can be written to. Default: all of it can.
   */
  uiFolder?: string;
}

/**
 * The LiteLLM proxy: one container, replaced when its config changes. It waits for its database by itself, so
 * that it also comes back after a restart of the host, and is healthy when it answers and has its database.
 */
export class LiteLlmProxy extends pulumi.ComponentResource {
  /** Address as seen from the host. */
  readonly url: pulumi.Output<string>;
  /** The same, known when the container is healthy. What takes it waits for the proxy, yet does not depend on it. */
  readonly readyUrl: pulumi.Output<string>;
  readonly containerName: pulumi.Output<string>;

  constructor(name: string, args: LiteLlmProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-stack:docker:LiteLlmProxy", name, {}, opts);
    const port = args.port ?? 4444;
    const bind = args.bind ?? "127.0.0.1";

    // Docker fills a new volume with the image's files, which can be changed there. It copies no file into a read-only
    // container: script and config come as arguments, and an authority, which may be longer than those, costs the rest.
    const readOnly =
      args.uiFolder === undefined || args.caBundle !== undefined
        ? {}
        : { readOnly: true, volumes: [{ containerPath: args.uiFolder }] };

    const container = new docker.Container(
      name,
      {
        // It takes longest to start, while the model servers load: where cores are scarce, it goes first.
        ...hardened({ memory: args.memory ?? "4g", cpuShares: 4096, stopSeconds: 30, processes: 4096 }),
        name: args.containerName ?? PROXY.container,
        image: args.image,
        ...(args.user === undefined ? {} : { user: args.user }),
        ...readOnly,
        tmpfs: { "/tmp": "mode=1777" },
        // -P: not from the working directory, where the official image has LiteLLM's sources, uncompiled.
        entrypoints: ["python3", "-P", "-c", script("litellm-start.py")],
        command: ["--config", "/tmp/config.yml", "--port", "4000", args.config],
        envs: [
          pulumi.interpolate`LITELLM_MASTER_KEY=${args.masterKey}`,
          pulumi.interpolate`LITELLM_SALT_KEY=${args.saltKey}`,
          pulumi.interpolate`DATABASE_URL=${args.databaseUrl}`,
          "STORE_MODEL_IN_DB=True",
          "USE_PRISMA_MIGRATE=True",
          "LITELLM_MODE=PRODUCTION",
          "LITELLM_LOG=ERROR",
          "HOME=/tmp",
          ...Object.entries(PROXY_CONFIG_ENVIRONMENT).map(([key, value]) => `${key}=${value}`),
          // The price list would otherwise be fetched from the internet at each start.
          "LITELLM_LOCAL_MODEL_COST_MAP=True",
          ...Object.entries(args.secretEnvironment ?? {}).map(
            ([key, value]) => pulumi.interpolate`${key}=${value}`,
          ),
        ],
        ...(args.caBundle === undefined
          ? {}
          : { uploads: [{ file: "/app/ca.pem", content: args.caBundle }] }),
        healthcheck: healthcheck({
          script: "litellm-health.sh",
          engineVersion: args.engineVersion,
          startSeconds: 180,
        }),
        waitTimeout: 300,
        ports: [{ internal: 4000, external: port, ip: bind }],
        networkMode: "bridge",
        networksAdvanced: [{ name: args.networkName, aliases: [PROXY.hostName] }],
      },
      { ...containerOptions, parent: this },
    );

    this.containerName = container.name;
    const url = `http://${hostForClients(bind)}:${port}`;
    this.url = pulumi.output(url);
    this.readyUrl = pulumi.output(new Promise<string>((resolve) => container.urn.apply(() => resolve(url))));
    this.registerOutputs({ url: this.url, containerName: this.containerName });
  }
}

/** The host part of a URL by which clients on this host reach a port bound to `bind`. */
export function hostForClients(bind: string): string {
  if (bind === "127.0.0.1" || bind === "0.0.0.0" || bind === "::" || bind === "::1") return "localhost";
  return bind.includes(":") ? `[${bind}]` : bind;
}
