import { isNetwork, type Resource } from "../resource.ts";
import type { Finding, Options, StackRule } from "../rule.ts";
import { cis } from "../sources.ts";
import { eachKnown, known } from "../unknown.ts";

export const networkDriverAllowed: StackRule = {
  name: "network-driver-allowed",
  description:
    "Every network is a bridge of the engine's own, behind which only published ports are reached.",
  level: "mandatory",
  severity: "high",
  remediation:
    "Leave `driver` and `options` out, or allow the driver (`drivers` of this rule) or the option (`options`) in the policy config: on `macvlan` and `ipvlan`, other hosts reach every port of a container.",
  sources: [
    { id: "Docker, network drivers", url: "https://docs.docker.com/engine/network/drivers/" },
    cis("5.30"),
  ],
  options: {
    drivers: {
      type: "array",
      items: { type: "string" },
      default: ["bridge"],
      description: "Drivers that networks may have.",
    },
    options: {
      type: "array",
      items: { type: "string" },
      default: [
        "com.docker.network.driver.mtu",
        "com.docker.network.bridge.enable_icc",
        "com.docker.network.bridge.enable_ip_masquerade",
        "com.docker.network.bridge.host_binding_ipv4",
      ],
      description: "Options that networks may have.",
    },
  },
  *stack(resources, options) {
    yield* eachKnown(resources.filter(isNetwork), (network) => problemsOf(network, options));
  },
};

/** Names for the engine's own management of addresses. */
const OWN_IPAM = ["", "default"];

function* problemsOf(resource: Resource, { drivers, options }: Options): Generator<Finding> {
  const { name, props, from } = resource;
  /** Where none is given, a preview does not know yet what Docker takes. */
  const read = (property: string) =>
    (from[property]?.length ? props[property] : known(() => props[property])) as string | undefined;
  yield* eachKnown([driver, ipam, settings], (check) => check());

  function* driver(): Generator<Finding> {
    const given = read("driver") || "bridge";
    if (!(drivers as readonly string[]).includes(given))
      yield { resource, problem: `\`driver\` of network \`${name}\` is \`${given}\`, which is not allowed` };
  }
  function* ipam(): Generator<Finding> {
    const given = read("ipamDriver") ?? "";
    if (!OWN_IPAM.includes(given))
      yield {
        resource,
        problem: `\`ipamDriver\` of network \`${name}\` is \`${given}\`, which is not the engine's`,
      };
  }
  function* settings(): Generator<Finding> {
    for (const option of Object.keys((props.options ?? {}) as object))
      if (!(options as readonly string[]).includes(option))
        yield { resource, problem: `\`options["${option}"]\` of network \`${name}\` is not allowed` };
  }
}
