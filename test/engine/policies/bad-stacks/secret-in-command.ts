import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ command: ["--database", "postgresql://me:hunter2@db:5432/web"] });
  },
  violates: [
    [
      "no-plain-secret",
      "`command[1]` of `web` holds a URL with a password. Pass it as a secret environment variable, and refer to that: `os.environ/NAME` in LiteLLM's config, `$NAME` in a script. Change the secret too: it is in plain text in the container and in Pulumi's state.",
    ],
  ],
} satisfies BadStack;
