import type { ContainerRule } from "../rule.ts";
import { owasp } from "../sources.ts";
import { collect, eachKnown } from "../unknown.ts";

export const groupAllowed: ContainerRule = {
  name: "group-allowed",
  description: "No container is in further groups that are not allowed.",
  level: "mandatory",
  severity: "medium",
  remediation:
    "Remove it, or allow the group in the policy config (`groups` of this rule): groups such as `docker` and `disk` amount to root of the host.",
  sources: [owasp(2)],
  options: {
    groups: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Groups, as containers name them, such as `video` or `44`.",
    },
  },
  container: ({ name, props }, options) =>
    collect(
      eachKnown((props.groupAdds ?? []).keys(), function* (index) {
        const group = props.groupAdds?.[index] ?? "";
        if (!(options.groups as readonly string[]).includes(group))
          yield `\`groupAdds[${index}]\` of \`${name}\` is \`${group}\`, which is not allowed`;
      }),
    ),
};
