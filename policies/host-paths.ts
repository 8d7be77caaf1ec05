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

/** Sockets of Docker, containerd, Podman, CRI-O, BuildKit and LXD, and of what stands before them. */
const SOCKET =
  /^((docker|dockerd|docker[._-][\w.-]*|dockershim|cri-dockerd|containerd|podman|crio|cri-o|buildkitd|lxd)\.sock(\.ttrpc)?|io\.podman)$/i;

/** A named pipe of an engine, on Windows. */
const PIPE = /^(docker_engine|dockerdesktop\w*engine|containerd-containerd|podman-)/i;

/** Whether who can write to `path` commands a container engine: its socket or named pipe. */
export function isEngineSocket(path: string): boolean {
  const [folder, name = ""] = partsOf(path).slice(-2);
  return SOCKET.test(name) || (folder === "pipe" && PIPE.test(name));
}

/** Folders of the system and of the engine. */
const SYSTEM = [
  ...[
    "/boot",
    "/efi",
    "/dev",
    "/etc",
    "/proc",
    "/sys",
    "/run",
    "/var/run",
    "/var/spool",
    "/snap",
    "/var/snap",
  ],
  ...["/lib", "/lib32", "/lib64", "/libx32", "/usr", "/bin", "/sbin"],
  ...[
    "/var/lib/docker",
    "/var/lib/containerd",
    "/var/lib/containers",
    "/var/lib/kubelet",
    "/var/lib/rancher",
  ],
  ...["/var/lib/lxd", "/var/lib/snapd", "/var/lib/systemd", "/var/lib/cloud", "/opt/containerd"],
  // macOS
  ...["/System", "/Library", "/private/etc", "/private/var/run", "/private/var/root"],
];

/** People's home folders, and what is in one. */
const HOME = /^(?:\/root|\/var\/root|~[^/]*|\/(?:home|Users)\/[^/]+)(?:\/([^/]+)|$)/;

/** Hidden entries of a home that hold nothing but what programs can make again. */
const CACHES = [".cache"];

/** Where people and programs keep credentials, below any folder. */
const CREDENTIALS = [
  ...[
    ".ssh",
    ".gnupg",
    ".aws",
    ".azure",
    ".oci",
    ".docker",
    ".kube",
    ".pulumi",
    ".llm-stack",
    ".terraform.d",
  ],
  ...[
    ".config/gcloud",
    ".config/gh",
    ".config/containers",
    ".config/rclone",
    ".password-store",
    ".vault-token",
  ],
  ...[".netrc", ".git-credentials", ".npmrc", ".pypirc", ".pgpass", ".my.cnf"],
];

/**
 * Whether `path` holds what the host's security rests on: the system, the engine, devices, people's home folders as a
 * whole, what is hidden in them (settings and start files) but for caches, or credentials. Other folders in a home are
 * not sensitive. A relative path that climbs is judged as if it climbed to the root.
 */
export function isSensitive(path: string): boolean {
  const normal = normalize(path).replace(/^(\.\.\/)+/, "/");
  const parts = `/${partsOf(path).join("/")}/`;
  const home = HOME.exec(normal);
  const entry = home?.[1];
  return (
    SYSTEM.some((folder) => isWithin(normal, folder) || isWithin(folder, normal)) ||
    ["/home", "/Users"].includes(normal) ||
    (home !== null && (entry === undefined || (entry.startsWith(".") && !CACHES.includes(entry)))) ||
    CREDENTIALS.some((folder) => parts.includes(`/${folder}/`))
  );
}

const partsOf = (path: string) => normalize(path.replaceAll("\\", "/")).split("/").filter(Boolean);
