import { isWithin, normalize } from "../host-paths.ts";
import { mounts, volumesOf } from "../mounts.ts";
import { isContainer, type Resource } from "../resource.ts";
import type { StackRule } from "../rule.ts";
import { eachKnown, known } from "../unknown.ts";

export const dataVolumeProtected: StackRule = {
  name: "data-volume-protected",
  description: "A volume that holds a database's data is declared in the stack, and protected.",
  level: "mandatory",
  severity: "high",
  remediation:
    "Declare a `docker.Volume` with the resource option `protect: true`, and mount it by its `name`.",
  sources: [
    { id: "Pulumi, protect", url: "https://www.pulumi.com/docs/iac/concepts/options/protect/" },
    { id: "Docker, volumes", url: "https://docs.docker.com/engine/storage/volumes/" },
  ],
  options: {
    dataPaths: {
      type: "array",
      items: { type: "string", pattern: "^/" },
      default: ["/var/lib/postgresql", "/var/lib/mysql", "/data/db", "/var/lib/redis"],
      description: "Paths in containers where databases keep their data, each with everything below it.",
    },
  },
  *stack(resources, options) {
    const dataPaths = (options.dataPaths as readonly string[]).map(normalize);
    const reported = new Set<Resource>();
    yield* eachKnown(resources.filter(isContainer), function* (container) {
      yield* eachKnown(mounts(container), function* (mount) {
        if (mount.kind !== "volume") return;
        const isProtected = ({ opts }: Resource) => opts.protect === true;
        const declared = known(() => volumesOf(container, mount, resources)) ?? [];
        if (declared.length > 0 && declared.every(isProtected)) return;
        const target = normalize(mount.target);
        if (!dataPaths.some((folder) => isWithin(target, folder))) return;
        const place = `\`${mount.at}\` of \`${container.name}\` keeps data at \`${target}\``;
        const volumes = volumesOf(container, mount, resources);
        // Throws where a preview does not know which of several volumes it is, and only some are protected.
        if (volumes.some(isProtected)) mount.volume;
        const unprotected = volumes.filter((volume) => !isProtected(volume));
        for (const volume of unprotected) {
          if (reported.has(volume)) continue;
          reported.add(volume);
          yield {
            resource: volume,
            problem: `${place} in volume \`${volume.name}\`, which is not protected`,
          };
        }
        if (volumes.length > 0) return;
        const which = mount.volume
          ? `volume \`${mount.volume}\`, which the stack does not declare`
          : "an anonymous volume";
        yield { resource: container, problem: `${place} in ${which}` };
      });
    });
  },
};
