import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ litellm }) => {
    litellm({
      uploads: [
        {
          file: "/app/config.yml",
          content:
            "model_list: [{ model_name: m, litellm_params: { model: openai/m, api_base: 'http://litellm\\@llm.example.org' } }]",
        },
      ],
    });
  },
  violates: [
    [
      "model-endpoint-allowed",
      "`model_list[0].litellm_params.api_base` in `uploads[0]` (`/app/config.yml`) of `proxy` holds a URL that not every program reads in the same way. Point it at a container of the stack, or allow the host (`hosts` of this rule) or the provider (`providers`) in the policy config.",
    ],
  ],
} satisfies BadStack;
