import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ envs: ["API_KEY=of-their-own"] });
  },
  violates: [
    [
      "secret-envs-marked",
      '`envs` of `web` holds `API_KEY` and is not marked as secret. Give the container the resource option `additionalSecretOutputs: ["envs"]`.',
    ],
  ],
} satisfies BadStack;
