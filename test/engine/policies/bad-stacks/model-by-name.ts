import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ litellm }) => {
    litellm({
      uploads: [
        {
          file: "/app/config.yml",
          content:
            'model_list: [{ model_name: m, litellm_params: { model: "huggingface/https://llm.example.org" } }]',
        },
      ],
    });
  },
  violates: [
    [
      "model-endpoint-allowed",
      "`model_list[0].litellm_params.model` in `uploads[0]` (`/app/config.yml`) of `proxy` points at `llm.example.org`, which is neither on the stack's network nor allowed. Point it at a container of the stack, or allow the host (`hosts` of this rule) or the provider (`providers`) in the policy config.",
    ],
  ],
} satisfies BadStack;
