/** What every container of the stack has in common: limits, hardening, restart, logs. */

import type * as docker from "@pulumi/docker";
import { mebibytes } from "../config/schema/values.ts";
import { script } from "./scripts.ts";

/** Seconds as Go prints them (`90` → `1m30s`): the provider reads them back so, and another form would differ at each run. */
export function goDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return [
    ...(hours > 0 ? [`${hours}h`] : []),
    ...(seconds >= 60 ? [`${minutes}m`] : []),
    `${seconds % 60}s`,
  ].join("");
}

/** What a health check depends on. */
export interface HealthCheckArgs {
  /** A script of `infra/scripts/` that defines the shell function `check`. */
  readonly script: string;
  /** Docker engine version, such as `20.10.24`. Engines from 25 on wait five seconds for the first probe unless told. */
  readonly engineVersion: string;
  /** Seconds in which failing probes do not count: how long a start may take. */
  readonly startSeconds: number;
}

/**
 * A health check that notices readiness at once and costs next to nothing afterwards: each probe waits in the container
 * (`scripts/probe.sh`), so that the engine starts few of them. Three failing ones, in about 25 seconds, are unhealthy.
 */
export function healthcheck(args: HealthCheckArgs): docker.types.input.ContainerHealthcheck {
  return {
    tests: ["CMD", "/bin/bash", "-c", `${script(args.script)}\n${script("probe.sh")}`],
    interval: "1s",
    ...(Number.parseInt(args.engineVersion, 10) >= 25 ? { startInterval: "500ms" } : {}),
    timeout: "30s",
    retries: 3,
    startPeriod: goDuration(args.startSeconds),
  };
}

/** Arguments of {@link hardened}. */
export interface HardenedArgs {
  /** Memory limit, such as `4g`; swap is not added to it. */
  readonly memory: string;
  /** Weight against other containers where cores are scarce; Docker's default is 1024. */
  readonly cpuShares: number;
  /** Seconds between the stop signal and the kill. */
  readonly stopSeconds: number;
  /** Limit of processes and threads, as a `nproc` ulimit: the provider has no `pids-limit`. */
  readonly processes: number;
}

/** Container inputs that every container of the stack starts from. */
export function hardened(args: HardenedArgs) {
  const memory = mebibytes(args.memory);
  return {
    restart: "unless-stopped",
    memory,
    memorySwap: memory,
    cpuShares: args.cpuShares,
    ulimits: [{ name: "nproc", soft: args.processes, hard: args.processes }],
    // Unset means a stop time-out of 0: every replacement would kill at once.
    destroyGraceSeconds: args.stopSeconds,
    stopTimeout: args.stopSeconds,
    securityOpts: ["no-new-privileges:true"],
    capabilities: { drops: ["ALL"] },
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
    wait: true,
  } satisfies Partial<docker.ContainerArgs>;
}

/**
 * Resource options of every container: health checks and `tmpfs` are not applied in place by the provider, so a
 * change replaces; names and ports are fixed, so the old container goes first.
 */
export const containerOptions = {
  deleteBeforeReplace: true,
  replaceOnChanges: ["healthcheck", "tmpfs", "init"],
  // No input of a container is secret by schema.
  additionalSecretOutputs: ["envs"],
};
