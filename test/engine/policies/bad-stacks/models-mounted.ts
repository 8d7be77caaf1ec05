import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ litellm }) => {
    litellm({
      uploads: undefined,
      command: ["--config", "/etc/litellm.yml"],
      volumes: [{ hostPath: "/srv/litellm.yml", containerPath: "/etc/litellm.yml", readOnly: true }],
    });
  },
  violates: [
    [
      "model-endpoint-allowed",
      "`command[1]` of `proxy` names the config file `/etc/litellm.yml`, which is not among `uploads`, so that nothing is known of its models. Point it at a container of the stack, or allow the host (`hosts` of this rule) or the provider (`providers`) in the policy config.",
    ],
  ],
} satisfies BadStack;
