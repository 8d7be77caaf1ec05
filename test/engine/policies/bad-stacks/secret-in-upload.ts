import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ litellm }) => {
    // Put together here, so that no tool takes this file for a leak.
    const key = `sk-${"a1".repeat(16)}`;
    litellm({ uploads: [{ file: "/app/config.yml", content: `general_settings: { master_key: ${key} }` }] });
  },
  violates: [
    [
      "no-plain-secret",
      "`uploads[0]` (`/app/config.yml`) of `proxy` holds what looks like an OpenAI-style key. Pass it as a secret environment variable, and refer to that: `os.environ/NAME` in LiteLLM's config, `$NAME` in a script. Change the secret too: it is in plain text in the container and in Pulumi's state.",
    ],
  ],
} satisfies BadStack;
