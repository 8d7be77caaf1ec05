import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ litellm }) => {
    litellm({
      uploads: [
        {
          file: "/app/config.yml",
          content:
            'litellm_settings: { api_base: "https://llm.example.org" }\ngeneral_settings: { pass_through_endpoints: [{ path: /v1/x, target: "https://llm.example.org/x" }] }',
        },
      ],
    });
  },
  violates: [
    [
      "model-endpoint-allowed",
      "`litellm_settings.api_base` in `uploads[0]` (`/app/config.yml`) of `proxy` points at `llm.example.org`, which is neither on the stack's network nor allowed. Point it at a container of the stack, or allow the host (`hosts` of this rule) or the provider (`providers`) in the policy config.",
    ],
    [
      "model-endpoint-allowed",
      "`general_settings.pass_through_endpoints[0].target` in `uploads[0]` (`/app/config.yml`) of `proxy` points at `llm.example.org`, which is neither on the stack's network nor allowed. Point it at a container of the stack, or allow the host (`hosts` of this rule) or the provider (`providers`) in the policy config.",
    ],
  ],
} satisfies BadStack;
