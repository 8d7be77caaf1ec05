import { type Container, isContainer, isVolume, type Resource } from "../resource.ts";
import type { Finding, Options, StackRule } from "../rule.ts";
import { cis } from "../sources.ts";
import { eachKnown, known } from "../unknown.ts";
import { sourceProblems, type VolumeOptions } from "../volume-options.ts";

export const volumeSourceAllowed: StackRule = {
  name: "volume-source-allowed",
  description: "Every volume is one of the engine's own, memory, or a folder of the host.",
  level: "mandatory",
  severity: "high",
  remediation:
    "Leave `driver` and its options out, or allow the driver (`drivers` of this rule) or the type of file system (`types`) in the policy config, and see to what it mounts yourself.",
  sources: [
    {
      id: "Docker, volume driver options",
      url: "https://docs.docker.com/reference/cli/docker/volume/create/#opt",
    },
    cis("5.6"),
  ],
  options: {
    drivers: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Drivers of volumes besides `local`.",
    },
    types: {
      type: "array",
      items: { type: "string" },
      default: [],
      description:
        "File system types besides `tmpfs` that volumes of driver `local` may mount, such as `nfs`.",
    },
  },
  *stack(resources, options) {
    yield* eachKnown([...resources], (resource) => {
      if (isVolume(resource)) return inVolume(resource, options);
      return isContainer(resource) ? inMounts(resource, options) : [];
    });
  },
};

function* inVolume(resource: Resource, { drivers, types }: Options): Generator<Finding> {
  const { name, props, from } = resource;
  if (props.cluster !== undefined && props.cluster !== null)
    yield {
      resource,
      problem: `\`cluster\` of volume \`${name}\` makes it a cluster's, which is not allowed`,
    };
  const source = {
    get driver() {
      const driver = () => props.driver as string | undefined;
      // Where none is given, a preview does not know yet that Docker takes `local`.
      return from.driver?.length ? driver() : known(driver);
    },
    get options() {
      return props.driverOpts as VolumeOptions | undefined;
    },
    driverAt: `\`driver\` of volume \`${name}\``,
    optionAt: (option: string) => `\`driverOpts.${option}\` of volume \`${name}\``,
  };
  for (const problem of sourceProblems(source, drivers as readonly string[], types as readonly string[]))
    yield { resource, problem };
}

/** Kinds of mounts that this and other rules know. */
const KINDS = ["bind", "volume", "tmpfs", "npipe"];

function* inMounts(container: Container, { drivers, types }: Options): Generator<Finding> {
  const { name, props } = container;
  yield* eachKnown(
    Array.from({ length: props.mounts?.length ?? 0 }).keys(),
    function* (index): Generator<Finding> {
      const mount = props.mounts?.[index];
      const type = mount?.type ?? "";
      if (!KINDS.includes(type)) {
        const problem = `\`mounts[${index}].type\` of \`${name}\` is \`${type}\`, which is not allowed`;
        yield { resource: container, problem };
        return;
      }
      const at = (property: string) => `\`mounts[${index}].volumeOptions.${property}\` of \`${name}\``;
      const source = {
        get driver() {
          return mount?.volumeOptions?.driverName;
        },
        get options() {
          return mount?.volumeOptions?.driverOptions;
        },
        driverAt: at("driverName"),
        optionAt: (option: string) => at(`driverOptions.${option}`),
      };
      for (const problem of sourceProblems(source, drivers as readonly string[], types as readonly string[]))
        yield { resource: container, problem };
    },
  );
}
