import type { Container } from "../resource.ts";
import type { ContainerRule, Options } from "../rule.ts";
import { cis, owasp } from "../sources.ts";
import { collect, eachKnown, elements } from "../unknown.ts";

export const capabilitiesDropped: ContainerRule = {
  name: "capabilities-dropped",
  description: "Every container drops all capabilities, and adds only allowed ones.",
  level: "mandatory",
  severity: "high",
  remediation:
    'Set `capabilities` to `{ drops: ["ALL"] }`. Allow one that the program needs in the policy config (`allowed` of this rule).',
  sources: [cis("5.4"), owasp(3)],
  options: {
    allowed: {
      type: "array",
      items: { type: "string" },
      default: ["NET_BIND_SERVICE"],
      description: "Capabilities that containers may add.",
    },
  },
  container: (container, options) => collect(eachKnown([drops, adds], (check) => check(container, options))),
};

function* drops({ name, props }: Container): Generator<string> {
  const dropped = props.capabilities?.drops;
  if (elements(dropped).some((capability) => capability !== undefined && plain(capability) === "ALL")) return;
  // Reads each, so that an unknown one is not taken for another.
  if (!dropped?.some((capability) => plain(capability) === "ALL"))
    yield `\`capabilities.drops\` of \`${name}\` does not contain \`ALL\``;
}

function* adds({ name, props }: Container, options: Options): Generator<string> {
  const allowed = (options.allowed as readonly string[]).map(plain);
  yield* eachKnown((props.capabilities?.adds ?? []).keys(), function* (index) {
    const capability = plain(props.capabilities?.adds?.[index] ?? "");
    if (!allowed.includes(capability))
      yield `\`capabilities.adds[${index}]\` of \`${name}\` is \`${capability}\`, which is not allowed`;
  });
}

/** A capability's name as lists hold it: Docker takes any case, and the kernel's prefix. */
const plain = (capability: string) => capability.toUpperCase().replace(/^CAP_/, "");
