import type { ContainerRule } from "../rule.ts";
import { cis, owasp } from "../sources.ts";
import { elements } from "../unknown.ts";

export const noNewPrivileges: ContainerRule = {
  name: "no-new-privileges",
  description: "No program in a container can gain privileges that the container was not given.",
  level: "mandatory",
  severity: "high",
  remediation: "Add `no-new-privileges:true` to `securityOpts`.",
  sources: [cis("5.26"), owasp(4)],
  container: ({ name, props }) => {
    const options = elements(props.securityOpts);
    const off = options.findIndex((option) => /^no-new-privileges[:=](?!true$)/.test(option ?? ""));
    if (off >= 0) return [`\`securityOpts[${off}]\` of \`${name}\` disables no-new-privileges`];
    const set = (option: string | undefined) => /^no-new-privileges([:=]true)?$/.test(option ?? "");
    // The second look reads each, so that an unknown one is not taken for another.
    if (options.some(set) || props.securityOpts?.some(set)) return [];
    return [`\`securityOpts\` of \`${name}\` does not contain \`no-new-privileges:true\``];
  },
};
