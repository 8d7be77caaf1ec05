/** What a volume holds by its driver and options. Docker's `local` driver mounts whatever these say. */

/** Flags of a mount that change nothing about what is mounted; `shared` ones would carry mounts out to the host. */
const FLAGS = [
  ...["defaults", "ro", "rw", "suid", "nosuid", "dev", "nodev", "exec", "noexec", "sync", "async", "dirsync"],
  ...["atime", "noatime", "diratime", "nodiratime", "relatime", "norelatime", "strictatime", "nostrictatime"],
  ...["private", "rprivate", "slave", "rslave"],
];

const MEMORY = /^(size|mode|uid|gid|nr_inodes|nr_blocks|huge)=[\w%.]+$/;

/** Options of a volume's driver, as Docker takes them. */
export type VolumeOptions = Readonly<Record<string, string>>;

/** The flags in the option `o`. */
export function flagsOf(options: VolumeOptions | undefined): string[] {
  return options?.o?.split(",") ?? [];
}

/** Whether a volume of driver `local` binds its `device`, which is then a path of the host: of whatever type it says it is. */
export function binds(options: VolumeOptions | undefined): boolean {
  return flagsOf(options).some((flag) => flag === "bind" || flag === "rbind");
}

/** A volume, or the volume that a mount makes. Each property is read when it is asked for. */
export interface VolumeSource {
  readonly driver: string | undefined;
  readonly options: VolumeOptions | undefined;
  /** The place of the driver, and of an option or of all options, in words. */
  readonly driverAt: string;
  readonly optionAt: (option: string) => string;
}

/**
 * What keeps a volume from being one of the engine's own, memory, or a folder of the host, whose path other rules judge.
 *
 * @param drivers drivers besides `local` that are allowed
 * @param types file system types besides `tmpfs` that the driver `local` may mount
 */
export function* sourceProblems(
  source: VolumeSource,
  drivers: readonly string[],
  types: readonly string[],
): Generator<string> {
  const { driverAt, optionAt } = source;
  const options = source.options ?? {};
  const driver = source.driver || "local";
  if (driver !== "local") {
    if (!drivers.includes(driver)) yield `${driverAt} is \`${driver}\`, which is not allowed`;
    return;
  }
  const { type = "", o: _, device = "", size: __, ...others } = options;
  for (const option of Object.keys(others)) yield `${optionAt(option)} is an option that is not known`;
  const flags = flagsOf(options).filter((flag) => flag !== "");
  if (binds(options)) {
    if (!device.startsWith("/"))
      yield `${optionAt("device")} is \`${device}\`, which is not an absolute path`;
    yield* unknownFlags((flag) => flag === "bind" || flag === "rbind");
  } else if (type === "tmpfs") yield* unknownFlags((flag) => MEMORY.test(flag));
  else if ((type !== "" || device !== "" || flags.length > 0) && !types.includes(type))
    yield `${optionAt("type")} is \`${type}\`, which is not allowed`;

  function* unknownFlags(isOwn: (flag: string) => boolean): Generator<string> {
    for (const flag of flags)
      if (!FLAGS.includes(flag) && !isOwn(flag))
        yield `${optionAt("o")} has the option \`${flag.split("=")[0]}\`, which is not allowed`;
  }
}
