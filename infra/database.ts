import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { DATABASE } from "../config/names.ts";
import { containerOptions, hardened, healthcheck } from "./container.ts";
import { script } from "./scripts.ts";

/** Inputs of {@link Database}. */
export interface DatabaseArgs {
  /** Image to run: an id, or a reference. Laid out like the official one: uid 999, data at `/var/lib/postgresql/data`. */
  image: pulumi.Input<string>;
  /** Docker engine version, such as `20.10.24`; it decides how often health is probed. */
  engineVersion: string;
  /** User network that the proxy is on too. */
  networkName: pulumi.Input<string>;
  /** Password of the role. A changed one is set on existing data too. */
  password: pulumi.Input<string>;
  /** Default: `litellm_db`. */
  containerName?: string;
  /** Name of the data volume. Default: `litellm_postgres_data`. */
  volumeName?: string;
  /** Port on the host's loopback. Default: 5431. */
  port?: number;
  /** Default: `litellm`. */
  databaseName?: string;
  /** Role that owns the database. Default: `llmproxy`. */
  user?: string;
  /** Memory limit. Default: `1g`. */
  memory?: string;
}

/**
 * PostgreSQL for LiteLLM: a container, reachable as `db` on the network, and a protected volume. The volume
 * outlives the container; `pulumi destroy` is refused while it is protected.
 */
export class Database extends pulumi.ComponentResource {
  /** Connection URL as seen on the network. */
  readonly url: pulumi.Output<string>;
  /** Connection URL as seen from the host. */
  readonly hostUrl: pulumi.Output<string>;
  readonly containerName: pulumi.Output<string>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-stack:docker:Database", name, {}, opts);
    const user = args.user ?? DATABASE.role;
    const databaseName = args.databaseName ?? DATABASE.database;
    const port = args.port ?? 5431;
    const data = "/var/lib/postgresql/data";

    const volume = new docker.Volume(
      `${name}-data`,
      { name: args.volumeName ?? DATABASE.volume },
      { parent: this, protect: true },
    );

    const container = new docker.Container(
      name,
      {
        ...hardened({ memory: args.memory ?? "1g", cpuShares: 2048, stopSeconds: 60, processes: 1024 }),
        name: args.containerName ?? DATABASE.container,
        image: args.image,
        user: "999:999",
        entrypoints: ["/bin/bash", "-c", script("postgres-start.sh"), "postgres-start"],
        command: [],
        envs: [
          pulumi.interpolate`POSTGRES_PASSWORD=${args.password}`,
          `POSTGRES_USER=${user}`,
          `POSTGRES_DB=${databaseName}`,
          `PGDATA=${data}`,
          "LANG=en_US.utf8",
        ],
        healthcheck: healthcheck({
          script: "postgres-health.sh",
          engineVersion: args.engineVersion,
          startSeconds: 60,
        }),
        waitTimeout: 120,
        stopSignal: "SIGINT", // PostgreSQL's fast shutdown
        shmSize: 128,
        readOnly: true,
        tmpfs: { "/tmp": "mode=1777", "/var/run/postgresql": "uid=999,gid=999,mode=0775" },
        volumes: [{ volumeName: volume.name, containerPath: data }],
        ports: [{ internal: 5432, external: port, ip: "127.0.0.1" }],
        networkMode: "bridge",
        networksAdvanced: [{ name: args.networkName, aliases: [DATABASE.hostName] }],
      },
      { ...containerOptions, parent: this },
    );

    const login = pulumi.interpolate`${user}:${pulumi.output(args.password).apply(encodeURIComponent)}`;
    this.containerName = container.name;
    this.url = pulumi.interpolate`postgresql://${login}@${DATABASE.hostName}:5432/${databaseName}`;
    this.hostUrl = pulumi.interpolate`postgresql://${login}@127.0.0.1:${port}/${databaseName}`;
    this.registerOutputs({ url: this.url, hostUrl: this.hostUrl, containerName: this.containerName });
  }
}
