/** What containers have of their host: paths and volumes. */

import { type Container, type ContainerInputs, isVolume, type Resource } from "./resource.ts";
import { eachKnown, known } from "./unknown.ts";
import { binds, flagsOf, type VolumeOptions } from "./volume-options.ts";

/** Something mounted into a container. Each property is read when it is asked for, and throws where it is unknown. */
export interface Mount {
  /** The argument that it stands in. */
  readonly list: "volumes" | "mounts";
  /** Its place in the container's arguments, such as `volumes[0]`. */
  readonly at: string;
  /** `volume` too where a preview does not know the volume's name. */
  readonly kind: "host" | "volume" | "container" | "none";
  /** Of kind `host`: the path on the host, and its place in the mount, such as `.hostPath`. */
  readonly host: { readonly at: string; readonly path: string } | undefined;
  /** Of kind `volume`: its name; empty for an anonymous one. */
  readonly volume: string;
  /** Of kind `container`: the container whose volumes are mounted, as the argument names it. */
  readonly container: string;
  /** Path in the container; none for kind `container`. */
  readonly target: string;
  readonly readOnly: boolean;
}

/** Everything that a container mounts. */
export function* mounts({ props }: Container): Generator<Mount> {
  yield* eachKnown([volumeMounts, otherMounts], (list) => list(props));
}

function* volumeMounts(props: ContainerInputs): Generator<Mount> {
  for (const index of indexes(props.volumes)) {
    const entry = () => props.volumes?.[index];
    yield {
      list: "volumes",
      at: `volumes[${index}]`,
      get kind() {
        // Docker refuses an entry that has both.
        if (known(() => this.target) === "" && this.container) return "container";
        return this.host === undefined ? "volume" : "host";
      },
      get host() {
        const path = entry()?.hostPath;
        if (path) return { at: ".hostPath", path };
        // The provider puts both before the same colon, so Docker takes such a name for a path on the host.
        const name = known(() => entry()?.volumeName);
        return name?.startsWith("/") ? { at: ".volumeName", path: name } : undefined;
      },
      get volume() {
        return entry()?.volumeName || "";
      },
      get container() {
        return entry()?.fromContainer || "";
      },
      get target() {
        return entry()?.containerPath || "";
      },
      get readOnly() {
        // The provider leaves `readOnly` out there; the container's name may end in Docker's own mark.
        return this.kind === "container" ? this.container.endsWith(":ro") : entry()?.readOnly === true;
      },
    };
  }
}

function* otherMounts(props: ContainerInputs): Generator<Mount> {
  for (const index of indexes(props.mounts)) {
    const entry = () => props.mounts?.[index];
    const bound = () => {
      const options = entry()?.volumeOptions;
      return boundPath(options?.driverOptions, () => options?.driverName);
    };
    yield {
      list: "mounts",
      at: `mounts[${index}]`,
      get kind() {
        if (this.host !== undefined) return "host";
        return entry()?.type === "volume" ? "volume" : "none";
      },
      get host() {
        const type = entry()?.type;
        if (type === "bind" || type === "npipe") return { at: ".source", path: entry()?.source || "" };
        const path = type === "volume" ? bound()?.path : undefined;
        return path === undefined ? undefined : { at: ".volumeOptions.driverOptions.device", path };
      },
      get volume() {
        return entry()?.source || "";
      },
      container: "",
      get target() {
        return entry()?.target || "";
      },
      get readOnly() {
        return entry()?.readOnly === true || bound()?.readOnly === true;
      },
    };
  }
}

/** A path of the host that a container has. */
export interface HostPath {
  /** Its place in the container's arguments, such as `volumes[0].hostPath`. */
  readonly at: string;
  readonly path: string;
  readonly readOnly: boolean;
}

/** The paths of the host that a container mounts, has as devices, or is given copies of. */
export function* hostPaths(container: Container): Generator<HostPath> {
  yield* eachKnown([mountedPaths, devicePaths, copiedPaths], (list) => list(container));
}

function* mountedPaths(container: Container): Generator<HostPath> {
  yield* eachKnown(mounts(container), function* (mount) {
    const host = mount.kind === "host" ? mount.host : undefined;
    if (host === undefined) return;
    yield {
      at: mount.at + host.at,
      path: host.path,
      get readOnly() {
        return mount.readOnly;
      },
    };
  });
}

function* devicePaths({ props }: Container): Generator<HostPath> {
  yield* eachKnown(indexes(props.devices), function* (index) {
    yield {
      at: `devices[${index}].hostPath`,
      path: props.devices?.[index]?.hostPath || "",
      get readOnly() {
        return props.devices?.[index]?.permissions === "r";
      },
    };
  });
}

function* copiedPaths({ props }: Container): Generator<HostPath> {
  yield* eachKnown(indexes(props.uploads), function* (index) {
    const path = props.uploads?.[index]?.source;
    if (path) yield { at: `uploads[${index}].source`, path, readOnly: true };
  });
}

/** A path or device of the host that a volume of driver `local` stands for. */
export interface BoundPath {
  readonly path: string;
  readonly readOnly: boolean;
}

function boundPath(
  options: VolumeOptions | undefined,
  driver: () => string | undefined,
): BoundPath | undefined {
  const path = options?.device;
  if (!path?.startsWith("/")) return undefined;
  // These types read `device` in another way, unless it is bound: then the type does not count.
  if (/^(cifs|smb3?|nfs4?|tmpfs)$/.test(options?.type ?? "") && !binds(options)) return undefined;
  if ((driver() || "local") !== "local") return undefined;
  return {
    path,
    get readOnly() {
      return flagsOf(options).includes("ro");
    },
  };
}

/** The path of the host that a volume of the stack stands for. */
export function boundPathOf({ props, from }: Resource): BoundPath | undefined {
  const driver = () => props.driver as string | undefined;
  // Where none is given, a preview does not know yet that Docker takes `local`.
  return boundPath(props.driverOpts as VolumeOptions | undefined, () =>
    from.driver?.length ? driver() : known(driver),
  );
}

/** The name under which Docker knows a volume of the stack. */
export const volumeName = ({ props, outputs }: Resource) => (props.name || outputs.name) as string;

/**
 * The stack's volumes that a mount of kind `volume` may be of: those of its name; where a preview does not know the
 * name, those that the container's argument came from. Throws where that leaves it open.
 */
export function volumesOf(container: Container, mount: Mount, resources: readonly Resource[]): Resource[] {
  const declared = resources.filter(isVolume);
  const from = container.from[mount.list] ?? [];
  const sources = declared.filter(({ urn }) => from.includes(urn));
  const isNamed = known(() => mount.volume) !== undefined;
  if (!isNamed && sources.length > 0 && from.every((urn) => sources.some((source) => source.urn === urn)))
    return sources;
  const name = mount.volume;
  if (name === "") return [];
  const named = declared.filter((volume) => known(() => volumeName(volume)) === name);
  // Where none has the name, each must be known to have another.
  return named.length > 0 ? named : declared.filter((volume) => volumeName(volume) === name);
}

/** Indexes of a list, so that each entry can be read by itself. */
function indexes(list: readonly unknown[] | undefined): number[] {
  return Array.from({ length: list?.length ?? 0 }, (_, index) => index);
}
