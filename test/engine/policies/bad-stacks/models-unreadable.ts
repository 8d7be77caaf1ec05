import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ litellm }) => {
    litellm({ uploads: [{ file: "/app/config.yml", content: "model_list: [" }] });
  },
  violates: [
    [
      "model-endpoint-allowed",
      "`uploads[0]` (`/app/config.yml`) of `proxy` is not YAML. Point it at a container of the stack, or allow the host (`hosts` of this rule) or the provider (`providers`) in the policy config.",
    ],
  ],
} satisfies BadStack;
