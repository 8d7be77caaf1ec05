import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ envs: ["DB_PASS=hunter2", "OPENAI_KEY=own", "PGPASSWORD=own", "CACHE=redis://:own@cache"] });
  },
  violates: [
    [
      "secret-envs-marked",
      '`envs` of `web` holds `DB_PASS`, `OPENAI_KEY`, `PGPASSWORD`, `CACHE` and is not marked as secret. Give the container the resource option `additionalSecretOutputs: ["envs"]`.',
    ],
  ],
} satisfies BadStack;
