/** Which paths of a Docker host are too much for a container. */

import { posix } from "node:path";

/** The path without `//`, `.`, `..` and a slash at its end, which lead to the same place. */
export function normalize(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}

/** Whether `path` is `folder` or in it, at any depth; both normalized. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

const SOCKETS = ["docker.sock", "containerd.sock", "podman.sock", "crio.sock"];

/** A named pipe of an engine, on Windows. */
const PIPE = /^(docker_engine|dockerdesktop\w*engine|containerd-containerd|podman-)/i;

/** Whether who can write to `path` commands a container engine: its socket or named pipe. */
export function isEngineSocket(path: string): boolean {
  const [folder, name = ""] = partsOf(path).slice(-2);
  return SOCKETS.includes(name) || (folder === "pipe" && PIPE.test(name));
}

/** Folders of the system and of the engine. */
const SYSTEM = [
  ...[
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/proc",
    "/sys",
    "/usr",
    "/bin",
    "/sbin",
    "/run",
    "/var/run",
  ],
  ...["/var/lib/docker", "/var/lib/containerd"],
];

/** Where people and programs keep credentials, below any folder. */
const CREDENTIALS = [".ssh", ".aws", ".docker", ".kube", ".gnupg", ".config/gcloud", ".pulumi"];

/**
 * Whether `path` holds what the host's security rests on: the system, the engine, devices, people's home folders as a
 * whole, or credentials. Other folders in a home are not sensitive.
 */
export function isSensitive(path: string): boolean {
  const normal = normalize(path);
  const parts = `/${partsOf(path).join("/")}/`;
  return (
    SYSTEM.some((folder) => isWithin(normal, folder) || isWithin(folder, normal)) ||
    /^(\/root|\/home|\/home\/[^/]+)$/.test(normal) ||
    CREDENTIALS.some((folder) => parts.includes(`/${folder}/`))
  );
}

const partsOf = (path: string) => normalize(path.replaceAll("\\", "/")).split("/").filter(Boolean);
