import { exposures } from "../exposure.ts";
import { isContainer } from "../resource.ts";
import type { StackRule } from "../rule.ts";
import { serviceOf } from "../services.ts";
import { cis } from "../sources.ts";
import { eachKnown } from "../unknown.ts";

export const proxyOnLoopback: StackRule = {
  name: "proxy-on-loopback",
  description: "LiteLLM is published on loopback only, or on an address that is allowed.",
  level: "mandatory",
  severity: "high",
  remediation:
    "Publish it on `127.0.0.1`, or allow the address in the policy config (`addresses` of this rule) and put a TLS proxy in front of it.",
  sources: [cis("5.14")],
  options: {
    addresses: {
      type: "array",
      items: { type: "string" },
      default: [],
      description:
        "Host addresses on which LiteLLM may be published, such as `192.0.2.10`; `0.0.0.0` for all of them.",
    },
  },
  *stack(resources, options) {
    const addresses = options.addresses as readonly string[];
    yield* eachKnown(resources.filter(isContainer), function* (container) {
      yield* eachKnown(exposures(container), function* ({ at, ip, on }) {
        if (addresses.includes(ip) || serviceOf(container, resources) !== "litellm") return;
        const problem = `\`${at}\` of \`${container.name}\` publishes LiteLLM on ${on}`;
        yield { resource: container, problem };
      });
    });
  },
};
