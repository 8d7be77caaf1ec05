import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ litellm }) => {
    litellm({
      envs: [
        "LITELLM_MASTER_KEY=sk-of-their-own",
        "LITELLM_SALT_KEY=of-their-own",
        "FIREWORKS_API_BASE=https://llm.example.org",
      ],
    });
  },
  violates: [
    [
      "model-endpoint-allowed",
      "`envs[2]` (`FIREWORKS_API_BASE`) of `proxy` points at `llm.example.org`, which is neither on the stack's network nor allowed. Point it at a container of the stack, or allow the host (`hosts` of this rule) or the provider (`providers`) in the policy config.",
    ],
  ],
} satisfies BadStack;
