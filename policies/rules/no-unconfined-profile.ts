import type { ContainerRule } from "../rule.ts";
import { cis, owasp } from "../sources.ts";
import { collect, eachKnown } from "../unknown.ts";

const UNCONFINED = /^((seccomp|apparmor|systempaths)[=:]unconfined|label[=:]disable)$/;

export const noUnconfinedProfile: ContainerRule = {
  name: "no-unconfined-profile",
  description: "No container runs without the engine's seccomp, AppArmor or SELinux profile.",
  level: "mandatory",
  severity: "high",
  remediation: "Remove it, so that the engine's default profile applies, or name a profile of your own.",
  sources: [cis("5.22"), cis("5.2"), owasp(6)],
  container: ({ name, props }) =>
    collect(
      eachKnown((props.securityOpts ?? []).keys(), function* (index) {
        const option = props.securityOpts?.[index] ?? "";
        if (UNCONFINED.test(option)) yield `\`securityOpts[${index}]\` of \`${name}\` is \`${option}\``;
      }),
    ),
};
