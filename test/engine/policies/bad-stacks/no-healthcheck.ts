import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ healthcheck: undefined });
  },
  violates: [
    [
      "healthcheck",
      '`healthcheck.tests` of `web` is not set. Set `healthcheck.tests` to a command that fails when the program does not work, such as `["CMD", "pg_isready"]`.',
    ],
  ],
} satisfies BadStack;
