import { normalize } from "../host-paths.ts";
import { type Mount, mounts, volumeName, volumesOf } from "../mounts.ts";
import { type Container, isContainer, isVolume, type Resource } from "../resource.ts";
import type { Finding, StackRule } from "../rule.ts";
import { owasp } from "../sources.ts";
import { eachKnown, known } from "../unknown.ts";

export const volumeNotShared: StackRule = {
  name: "volume-not-shared",
  description: "No two containers write to the same volume or path of the host.",
  level: "mandatory",
  severity: "high",
  remediation: "Give each container a volume of its own, or mount it with `readOnly: true` in all but one.",
  sources: [
    {
      id: "Docker, volumes",
      url: "https://docs.docker.com/engine/storage/volumes/#share-data-between-machines",
    },
    owasp(5),
  ],
  *stack(resources) {
    const writers = new Map<string, Container>();
    // Resources come in the order in which they were made, which is another one at each run.
    const containers = resources.filter(isContainer).sort((a, b) => (a.name < b.name ? -1 : 1));
    yield* eachKnown(containers, function* (container): Generator<Finding> {
      yield* eachKnown(mounts(container), function* (mount) {
        if (mount.readOnly) return;
        if (mount.kind === "container") {
          const problem = `\`${mount.at}.fromContainer\` of \`${container.name}\` mounts another container's volumes, writable wherever that container can write to them`;
          yield { resource: container, problem };
          return;
        }
        const shared = sharedBy(container, mount, resources);
        if (shared === undefined) return;
        const [key, what] = shared;
        const first = writers.get(key);
        writers.set(key, first ?? container);
        if (first === undefined || first === container) return;
        yield {
          resource: container,
          problem: `\`${mount.at}\` of \`${container.name}\` mounts ${what} writable, as \`${first.name}\` does`,
        };
      });
    });
  },
};

/** What a mount is of, by a text that is the same for the same thing, and in words; undefined where it has its own. */
function sharedBy(
  container: Container,
  mount: Mount,
  resources: readonly Resource[],
): readonly [key: string, what: string] | undefined {
  const { host } = mount;
  if (host !== undefined) {
    const path = normalize(host.path);
    return [`path ${path}`, `\`${path}\` of the host`];
  }
  if (mount.kind !== "volume") return undefined;
  const name = known(() => mount.volume);
  if (name === "") return undefined;
  if (name !== undefined) {
    const declared = resources.find(
      (resource) => isVolume(resource) && known(() => volumeName(resource)) === name,
    );
    return [`volume ${name}`, `volume \`${declared?.name ?? name}\``];
  }
  const [volume, ...others] = volumesOf(container, mount, resources);
  // Reading the name throws: it may be any of several volumes.
  if (volume === undefined || others.length > 0) return [mount.volume, ""];
  return [`volume ${known(() => volumeName(volume)) ?? volume.urn}`, `volume \`${volume.name}\``];
}
