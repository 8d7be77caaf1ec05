import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ healthcheck: { tests: ["NONE"] } });
  },
  violates: [
    [
      "healthcheck",
      '`healthcheck.tests` of `web` disables the health check. Set `healthcheck.tests` to a command that fails when the program does not work, such as `["CMD", "pg_isready"]`.',
    ],
  ],
} satisfies BadStack;
