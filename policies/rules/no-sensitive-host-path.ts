import { isEngineSocket, isSensitive, isWithin, normalize } from "../host-paths.ts";
import { type BoundPath, boundPathOf, hostPaths, mounts, volumesOf } from "../mounts.ts";
import { type Container, isContainer, isVolume, type Resource } from "../resource.ts";
import type { Finding, StackRule } from "../rule.ts";
import { cis } from "../sources.ts";
import { eachKnown } from "../unknown.ts";

export const noSensitiveHostPath: StackRule = {
  name: "no-sensitive-host-path",
  description: "No container has access to a path that the host's security depends on.",
  level: "mandatory",
  severity: "high",
  remediation:
    "Mount a folder of the container's own, or a volume. Allow a path that it cannot do without in the policy config (`allowed` of this rule), and mount that read-only.",
  sources: [cis("5.6"), cis("5.18")],
  options: {
    allowed: {
      type: "array",
      items: { type: "string", pattern: "^/" },
      default: ["/etc/localtime", "/etc/timezone", "/etc/ssl/certs", "/usr/share/zoneinfo"],
      description: "Paths that containers may mount read-only, each with everything below it.",
    },
  },
  *stack(resources, options) {
    const allowed = (options.allowed as readonly string[]).map(normalize);
    const mounted = new Set<string>();
    yield* eachKnown<() => Iterable<Finding>, Finding>(
      [
        () => eachKnown(resources.filter(isContainer), (container) => ownPaths(container, allowed)),
        () =>
          eachKnown(resources.filter(isContainer), (container) =>
            volumePaths(container, resources, allowed, mounted),
          ),
        () =>
          eachKnown(
            resources.filter((resource) => isVolume(resource) && !mounted.has(resource.urn)),
            (volume) => unmounted(volume, allowed),
          ),
      ],
      (check) => check(),
    );
  },
};

/** What is wrong with a path, such as `a sensitive path of the host`. */
function wrong(use: BoundPath, allowed: readonly string[]): string | undefined {
  if (isEngineSocket(use.path)) return "the socket of a container engine";
  if (!isSensitive(use.path)) return undefined;
  if (!allowed.some((folder) => isWithin(normalize(use.path), folder))) return "a sensitive path of the host";
  return use.readOnly ? undefined : "a path of the host that may only be mounted read-only";
}

function* ownPaths(container: Container, allowed: readonly string[]): Generator<Finding> {
  yield* eachKnown(hostPaths(container), function* (use) {
    // `no-docker-socket` reports those.
    const what = isEngineSocket(use.path) ? undefined : wrong(use, allowed);
    if (what === undefined) return;
    yield {
      resource: container,
      problem: `\`${use.at}\` of \`${container.name}\` is \`${use.path}\`, ${what}`,
    };
  });
}

/** What a container has through volumes of the stack. Adds those that it judges to `mounted`. */
function* volumePaths(
  container: Container,
  resources: readonly Resource[],
  allowed: readonly string[],
  mounted: Set<string>,
): Generator<Finding> {
  yield* eachKnown(mounts(container), function* (mount) {
    if (mount.kind !== "volume") return;
    const [volume, ...others] = volumesOf(container, mount, resources);
    // Where it may be one of several, each is judged by itself.
    if (volume === undefined || others.length > 0) return;
    const bound = boundPathOf(volume);
    if (bound === undefined) return;
    const what = wrong(
      {
        path: bound.path,
        get readOnly() {
          return mount.readOnly || bound.readOnly;
        },
      },
      allowed,
    );
    mounted.add(volume.urn);
    if (what === undefined) return;
    yield {
      resource: container,
      problem: `\`${mount.at}\` of \`${container.name}\` is volume \`${volume.name}\`, which binds \`${bound.path}\`, ${what}`,
    };
  });
}

function* unmounted(volume: Resource, allowed: readonly string[]): Generator<Finding> {
  const bound = boundPathOf(volume);
  const what = bound && wrong(bound, allowed);
  if (what === undefined) return;
  yield {
    resource: volume,
    problem: `\`driverOpts.device\` of volume \`${volume.name}\` is \`${bound?.path}\`, ${what}`,
  };
}
