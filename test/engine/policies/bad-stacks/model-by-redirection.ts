import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ litellm }) => {
    litellm({ hosts: [{ host: "litellm", ip: "203.0.113.5" }] });
  },
  violates: [
    [
      "model-endpoint-allowed",
      "`hosts[0]` of `proxy` sends `litellm` to `203.0.113.5`. Point it at a container of the stack, or allow the host (`hosts` of this rule) or the provider (`providers`) in the policy config.",
    ],
  ],
} satisfies BadStack;
