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
  sources: [cis("5.10"), cis("5.16"), cis("5.17"), cis("5.20"), cis("5.31"), owasp(5)],
  container: (container) => collect(eachKnown([modes, networks, propagations], (check) => check(container))),
};

/** The modes that give a container a namespace of its own; of the network, every name of one does. */
const OWN = {
  networkMode: /^[^:]*$/,
  pidMode: /^(private)?$/,
  ipcMode: /^(none|private|shareable)?$/,
  usernsMode: /^(private)?$/,
  cgroupnsMode: /^(private)?$/,
} as const;

function* modes({ name, props }: Container): Generator<string> {
  yield* eachKnown(Object.keys(OWN) as (keyof typeof OWN)[], function* (argument) {
    const mode = props[argument] ?? "";
    if (mode === "host") yield `\`${argument}\` of \`${name}\` is the host's`;
    else if (mode.startsWith("container:")) yield `\`${argument}\` of \`${name}\` is another container's`;
    else if (!OWN[argument].test(mode))
      yield `\`${argument}\` of \`${name}\` is \`${mode}\`, which is not known to be its own`;
  });
}

function* networks({ name, props }: Container): Generator<string> {
  yield* eachKnown((props.networksAdvanced ?? []).keys(), function* (index) {
    if (props.networksAdvanced?.[index]?.name === "host")
      yield `\`networksAdvanced[${index}]\` of \`${name}\` is the host's network`;
  });
}

/** Mounts that a container makes below a shared one become the host's. */
function* propagations({ name, props }: Container): Generator<string> {
  yield* eachKnown(Array.from({ length: props.mounts?.length ?? 0 }).keys(), function* (index) {
    const propagation = props.mounts?.[index]?.bindOptions?.propagation ?? "";
    if (!/^(r?private|r?slave)?$/.test(propagation))
      yield `\`mounts[${index}].bindOptions.propagation\` of \`${name}\` is \`${propagation}\`, which shares its mounts with the host`;
  });
}
