import type { ContainerRule } from "../rule.ts";
import { cis } from "../sources.ts";

export const restartPolicy: ContainerRule = {
  name: "restart-policy",
  description: "Every container restarts after a failure.",
  level: "advisory",
  severity: "low",
  remediation: "Set `restart` to `unless-stopped`, or to `on-failure` with `maxRetryCount`.",
  sources: [cis("5.15")],
  container: ({ name, props }) =>
    !props.restart || props.restart === "no"
      ? [`\`restart\` of \`${name}\` is not set, so it stays down after a failure`]
      : [],
};
