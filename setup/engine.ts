/** Finds a Docker engine, or installs and starts one. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { UserError } from "../config/errors.ts";
import type { Prepared } from "../config/prepared.ts";
import { cacheDir, withLock } from "./cache.ts";
import { isAlive } from "./processes.mjs";
import type { Report } from "./programs.ts";

/** The engine's own figures, and the address that reaches it. */
export type Engine = Prepared["engine"] & {
  /** Value for `DOCKER_HOST`; the Pulumi provider knows nothing of Docker's contexts. */
  readonly host: string;
};

const OLDEST_ENGINE = 20;
/** Where what was started here is noted. */
const folder = () => join(cacheDir(), "engine");
const pidFile = () => join(folder(), "dockerd.pid");
const logFile = () => join(folder(), "dockerd.log");

/**
 * The engine that answers, else one that is started, else one that is installed first (Debian and Ubuntu, as
 * root). An engine that runs already is used as it is.
 *
 * @throws {UserError} when there is none and none can be had, with how to fix it
 */
export async function findEngine(report: Report): Promise<Engine> {
  const running = await ask();
  if (running !== undefined) return running;
  if (process.env.DOCKER_HOST) {
    throw new UserError(
      `\`DOCKER_HOST\` is \`${process.env.DOCKER_HOST}\` and no Docker engine answers there. Start it, or unset \`DOCKER_HOST\`.`,
    );
  }
  if (process.platform !== "linux") {
    throw new UserError(
      "`docker`: no engine answers. Start Docker Desktop (or another engine), then run this again.",
    );
  }
  if (process.getuid?.() !== 0) {
    throw new UserError(
      "`docker`: no engine answers, and only root may install or start one. Install Docker, start it (`sudo systemctl start docker`), add yourself to the group `docker`; or run this as root.",
    );
  }
  return withLock(folder(), async () => {
    const now = await ask();
    if (now !== undefined) return now;
    if (!existsSync("/usr/bin/dockerd") && !existsSync("/usr/sbin/dockerd")) await install(report);
    await start(report);
    const started = await ask();
    if (started === undefined)
      throw new UserError(`\`dockerd\` was started but does not answer. Its log: \`${logFile()}\`.`);
    return started;
  });
}

/** Stops the engine that {@link findEngine} started; another one is left alone. Returns what was done. */
export async function stopEngine(): Promise<string> {
  if (!existsSync(pidFile())) return "no Docker engine was started by llm-stack: nothing stopped";
  const pid = Number(await readFile(pidFile(), "utf8"));
  if (!(await isDockerd(pid))) {
    await rm(pidFile());
    return "the Docker engine that llm-stack started has ended already";
  }
  process.kill(pid, "SIGTERM");
  for (let waited = 0; await isDockerd(pid); waited += 200) {
    if (waited > 60_000)
      throw new UserError(
        `\`dockerd\` (process ${pid}) does not stop within 60 s. Its log: \`${logFile()}\`.`,
      );
    await sleep(200);
  }
  await rm(pidFile());
  return `the Docker engine (process ${pid}) is stopped; its containers start again with it`;
}

const isDockerd = (pid: number) => isProgram(pid, "dockerd");

/** Whether process `pid` is `program`: process ids are used again. */
async function isProgram(pid: number, program: string): Promise<boolean> {
  if (!isAlive(pid)) return false; // A killed one stays in `/proc` until its parent asks for its exit code.
  try {
    return (await readFile(`/proc/${pid}/comm`, "utf8")).trim() === program;
  } catch {
    return false; // no such process
  }
}

/**
 * Ends containers of an engine that was killed while they started. The next one does not know them, and they keep their
 * addresses on its networks. (Those that it does know it would end too.)
 */
async function endOrphans(): Promise<void> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  // Another engine, at another address, may have some of them.
  for (const pid of pids) if (await isDockerd(Number(pid))) return;
  for (const pid of pids) {
    const command = await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "");
    if (!/containerd-shim[^\0]*\0(.*\0)?-namespace\0moby\0/s.test(command)) continue;
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
    for (const each of [...children.split(" ").filter(Boolean), pid])
      try {
        process.kill(Number(each), "SIGKILL");
      } catch {
        // It has ended meanwhile.
      }
  }
}

/**
 * Removes what a killed engine left: it refuses to start while the process id that it noted is in use, by whatever
 * program.
 */
async function removeStalePidFiles(): Promise<void> {
  for (const [program, file] of [
    ["dockerd", "/var/run/docker.pid"],
    ["containerd", "/var/run/docker/containerd/containerd.pid"],
  ] as const) {
    if (existsSync(file) && !(await isProgram(Number(await readFile(file, "utf8")), program))) await rm(file);
  }
}

/** What the engine says of itself; undefined when none answers. */
async function ask(): Promise<Engine | undefined> {
  const info = await execa("docker", ["info", "--format", "{{json .}}"], { reject: false });
  if (info.failed) return undefined;
  const facts: { ServerVersion?: string; NCPU?: number; MemTotal?: number } = JSON.parse(info.stdout);
  if (!facts.ServerVersion) return undefined;
  const version = facts.ServerVersion.replace(/\+.*/, "");
  if (Number.parseInt(version, 10) < OLDEST_ENGINE) {
    throw new UserError(`\`docker\`: the engine is ${version}; ${OLDEST_ENGINE} or newer is needed.`);
  }
  return { version, cpus: facts.NCPU ?? 1, memoryBytes: facts.MemTotal ?? 0, host: await address() };
}

async function address(): Promise<string> {
  if (process.env.DOCKER_HOST) return process.env.DOCKER_HOST;
  const context = await execa("docker", ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"], {
    reject: false,
  });
  return (!context.failed && context.stdout.trim()) || "unix:///var/run/docker.sock";
}

async function install(report: Report): Promise<void> {
  if (!existsSync("/usr/bin/apt-get")) {
    throw new UserError(
      "`docker`: no engine is installed, and this system has no `apt-get`. Install Docker, then run this again.",
    );
  }
  report("installing the Docker engine (Debian packages docker.io, iptables)");
  const apt = async (...args: string[]) =>
    execa("apt-get", args, { env: { DEBIAN_FRONTEND: "noninteractive" }, all: true, reject: false });
  await apt("update", "-qq");
  const done = await apt("install", "-y", "-qq", "--no-install-recommends", "docker.io", "iptables");
  if (done.failed) {
    throw new UserError(
      `\`apt-get install docker.io iptables\` failed:\n${done.all?.split("\n").slice(-5).join("\n")}`,
    );
  }
}

async function start(report: Report): Promise<void> {
  if (existsSync("/run/systemd/system")) {
    report("starting the Docker engine (systemd)");
    await execa("systemctl", ["start", "docker"]);
    return untilItAnswers();
  }
  report("starting the Docker engine (dockerd)");
  const log = await startDaemon();
  // An engine that was killed while containers started takes their ports for good when it starts again (seen with 20.10.24:
  // "port is already allocated"). Stopped in order, it forgets them.
  if (!log.includes("Removing stale endpoint")) return;
  report("starting it once more: it was killed, and holds ports of containers that are gone");
  await stopEngine();
  await startDaemon();
}

/** @returns what it has written to its log */
async function startDaemon(): Promise<string> {
  await mkdir(folder(), { recursive: true });
  await endOrphans();
  await removeStalePidFiles();
  const log = await open(logFile(), "a");
  const { size } = await log.stat();
  const daemon = spawn("dockerd", [], { detached: true, stdio: ["ignore", log.fd, log.fd] });
  daemon.unref();
  await once(daemon, "spawn");
  await log.close();
  await writeFile(pidFile(), String(daemon.pid));
  await untilItAnswers();
  return (await readFile(logFile())).subarray(size).toString();
}

async function untilItAnswers(): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 250) {
    if ((await ask()) !== undefined) return settle();
    await sleep(250);
  }
}

/** Without a change for so long, in milliseconds, containers are taken to have come to rest. */
const QUIET_MS = 3000;

/**
 * Waits until the containers that start with an engine have started. One that is removed in the midst of that leaves its port
 * taken for as long as the engine runs (seen with 20.10.24: "port is already allocated").
 */
async function settle(): Promise<void> {
  const states = async () =>
    (await execa("docker", ["ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.State}}"])).stdout;
  let last = await states();
  for (let quiet = 0, waited = 0; last !== "" && quiet < QUIET_MS && waited < 60_000; waited += 250) {
    await sleep(250);
    const now = await states();
    quiet = now === last ? quiet + 250 : 0;
    last = now;
  }
}
