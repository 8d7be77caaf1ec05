import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ litellm }) => {
    litellm({ command: ["--api_base", "https://llm.example.org"] });
  },
  violates: [
    [
      "model-endpoint-allowed",
      "`command[1]` of `proxy` points at `llm.example.org`, which is neither on the stack's network nor allowed. Point it at a container of the stack, or allow the host (`hosts` of this rule) or the provider (`providers`) in the policy config.",
    ],
  ],
} satisfies BadStack;
