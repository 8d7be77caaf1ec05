import { isOwnNetwork } from "../networks.ts";
import type { Container } from "../resource.ts";
import type { ContainerRule } from "../rule.ts";
import { cis, owasp } from "../sources.ts";
import { elements, known } from "../unknown.ts";

export const userDefinedNetwork: ContainerRule = {
  name: "user-defined-network",
  description: "Every container is on a network of its stack, not on Docker's default bridge.",
  level: "mandatory",
  severity: "medium",
  remediation: "Declare a `docker.Network`, and name it in `networksAdvanced`.",
  sources: [cis("5.30"), owasp(5)],
  container: (container) => {
    const { name, props } = container;
    if (knownNetworks(container).some(isOwnNetwork)) return [];
    const mode = props.networkMode || "default";
    // None at all, or a network's name; `no-host-namespace` reports the host's and another container's.
    if (mode === "none" || mode === "host" || mode.startsWith("container:") || isOwnNetwork(mode)) return [];
    const networks = (props.networksAdvanced ?? []).map((network) => network.name);
    if (networks.some(isOwnNetwork) || networks.includes("host")) return [];
    return [`\`networksAdvanced\` of \`${name}\` names no network but Docker's own`];
  },
};

/** Names of a container's networks, as far as a preview knows them. */
function knownNetworks({ props }: Container): string[] {
  return elements(known(() => props.networksAdvanced)).flatMap((network) => known(() => network?.name) ?? []);
}
