import type { ContainerRule } from "../rule.ts";
import { cis, owasp } from "../sources.ts";
import { collect, eachKnown } from "../unknown.ts";

/** The engine's own profiles, and what `no-new-privileges` judges. */
const OWN = /^(seccomp[=:]builtin|apparmor[=:]docker-default|no-new-privileges([=:].*)?)$/;

export const noUnconfinedProfile: ContainerRule = {
  name: "no-unconfined-profile",
  description: "No container runs without the engine's seccomp, AppArmor or SELinux profile.",
  level: "mandatory",
  severity: "high",
  remediation:
    "Remove it, so that the engine's default profile applies, or allow a profile of your own in the policy config (`allowed` of this rule).",
  sources: [cis("5.22"), cis("5.2"), owasp(6)],
  options: {
    allowed: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Security options that containers may have, word for word, such as `apparmor=mine`.",
    },
  },
  container: ({ name, props }, options) =>
    collect(
      eachKnown((props.securityOpts ?? []).keys(), function* (index) {
        const option = props.securityOpts?.[index] ?? "";
        if (OWN.test(option) || (options.allowed as readonly string[]).includes(option)) return;
        yield `\`securityOpts[${index}]\` of \`${name}\` is \`${shown(option)}\``;
      }),
    ),
};

/** A profile may be given as a whole, in JSON. */
const shown = (option: string) => option.replace(/^(\w+[=:])\s*\{.*$/s, "$1{…}");
