import type { Container } from "../resource.ts";
import type { ContainerRule } from "../rule.ts";
import { cis, owasp } from "../sources.ts";
import { collect, eachKnown } from "../unknown.ts";

export const noHostNamespace: ContainerRule = {
  name: "no-host-namespace",
  description: "No container shares a namespace with the host or with another container.",
  level: "mandatory",
  severity: "critical",
  remediation: "Remove it: containers reach each other by name on a network that they share.",
  sources: [cis("5.10"), cis("5.16"), cis("5.17"), cis("5.31"), owasp(5)],
  container: (container) => collect(eachKnown([modes, networks], (check) => check(container))),
};

const MODES = ["networkMode", "pidMode", "ipcMode", "usernsMode", "cgroupnsMode"] as const;

function* modes({ name, props }: Container): Generator<string> {
  yield* eachKnown(MODES, function* (argument) {
    const mode = props[argument];
    if (mode === "host") yield `\`${argument}\` of \`${name}\` is the host's`;
    if (mode?.startsWith("container:")) yield `\`${argument}\` of \`${name}\` is another container's`;
  });
}

function* networks({ name, props }: Container): Generator<string> {
  yield* eachKnown((props.networksAdvanced ?? []).keys(), function* (index) {
    if (props.networksAdvanced?.[index]?.name === "host")
      yield `\`networksAdvanced[${index}]\` of \`${name}\` is the host's network`;
  });
}
