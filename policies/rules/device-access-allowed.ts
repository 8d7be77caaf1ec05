import type { Container } from "../resource.ts";
import type { ContainerRule, Options } from "../rule.ts";
import { cis } from "../sources.ts";
import { collect, eachKnown } from "../unknown.ts";

export const deviceAccessAllowed: ContainerRule = {
  name: "device-access-allowed",
  description: "No container reaches devices by rules or drivers that are not allowed.",
  level: "mandatory",
  severity: "high",
  remediation:
    "Remove it, or allow the rule (`rules` of this rule) or the driver (`drivers`) in the policy config; a single device goes into `devices`.",
  sources: [
    cis("5.18"),
    {
      id: "Docker, devices of a container",
      url: "https://docs.docker.com/reference/cli/docker/container/run/#device-cgroup-rule",
    },
  ],
  options: {
    rules: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Rules for devices, such as `c 189:* rmw`.",
    },
    drivers: {
      type: "array",
      items: { type: "string" },
      default: ["nvidia"],
      description: "Drivers that may give devices; `cdi` gives whatever the host describes.",
    },
  },
  container: (container, options) =>
    collect(eachKnown([rules, gpus, requests], (check) => check(container, options))),
};

function* rules({ name, props }: Container, options: Options): Generator<string> {
  yield* eachKnown((props.deviceCgroupRules ?? []).keys(), function* (index) {
    const rule = props.deviceCgroupRules?.[index] ?? "";
    if (!(options.rules as readonly string[]).includes(rule))
      yield `\`deviceCgroupRules[${index}]\` of \`${name}\` is \`${rule}\`, which is not allowed`;
  });
}

/** A part of Docker's `--gpus`: how many, or which. */
const GPU = /^(all|-?\d+|(count|device|capabilities)=[\w.-]+|GPU-[\w-]+)$/;

function* gpus({ name, props }: Container, options: Options): Generator<string> {
  for (const part of (props.gpus ?? "").replaceAll('"', "").split(",")) {
    const driver = /^driver=(.*)$/s.exec(part)?.[1];
    const isAllowed =
      driver === undefined ? GPU.test(part) : (options.drivers as readonly string[]).includes(driver);
    if (part !== "" && !isAllowed) yield `\`gpus\` of \`${name}\` has \`${part}\`, which is not allowed`;
  }
}

function* requests({ name, props }: Container, options: Options): Generator<string> {
  yield* eachKnown((props.deviceRequests ?? []).keys(), function* (index) {
    const at = (property: string) => `\`deviceRequests[${index}].${property}\` of \`${name}\``;
    const { driver, deviceIds } = props.deviceRequests?.[index] ?? {};
    if (driver && !(options.drivers as readonly string[]).includes(driver))
      yield `${at("driver")} is \`${driver}\`, which is not allowed`;
    // A name with a slash is one of the Container Device Interface, whatever the driver.
    for (const [entry, id] of (deviceIds ?? []).entries())
      if (!/^[\w.:-]+$/.test(id)) yield `${at(`deviceIds[${entry}]`)} is \`${id}\`, which is not allowed`;
  });
}
