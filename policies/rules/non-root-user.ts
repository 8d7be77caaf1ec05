import type { ContainerRule } from "../rule.ts";
import { cis, owasp } from "../sources.ts";

export const nonRootUser: ContainerRule = {
  name: "non-root-user",
  description: "Every container runs as a user other than root.",
  level: "advisory",
  severity: "medium",
  remediation: "Set `user` to one that the image can run as, such as `1000:1000`.",
  sources: [cis("4.1"), owasp(2)],
  container: ({ name, props }) => {
    if (!props.user)
      return [`\`user\` of \`${name}\` is not set, so the image decides, and most images run as root`];
    const [user = ""] = props.user.split(":");
    return /^(root|0*)$/.test(user) ? [`\`user\` of \`${name}\` is root`] : [];
  },
};
