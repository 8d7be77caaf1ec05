import type { ContainerRule } from "../rule.ts";
import { isSecretVariable } from "../secrets.ts";
import { owasp } from "../sources.ts";
import { ensureKnown } from "../unknown.ts";
import { variables } from "../variables.ts";

export const secretEnvsMarked: ContainerRule = {
  name: "secret-envs-marked",
  description: "A container with secret environment variables keeps them encrypted in Pulumi's state.",
  level: "mandatory",
  severity: "high",
  remediation: 'Give the container the resource option `additionalSecretOutputs: ["envs"]`.',
  sources: [
    {
      id: "Pulumi, secret outputs",
      url: "https://www.pulumi.com/docs/iac/concepts/options/additionalsecretoutputs/",
    },
    owasp(12),
  ],
  container: (container) => {
    if (container.opts.additionalSecretOutputs.includes("envs")) return [];
    const names = variables(container).flatMap((variable) =>
      isSecretVariable(variable) ? [`\`${variable.name}\``] : [],
    );
    if (names.length > 0)
      return [`\`envs\` of \`${container.name}\` holds ${names.join(", ")} and is not marked as secret`];
    ensureKnown(container.props.envs);
    return [];
  },
};
