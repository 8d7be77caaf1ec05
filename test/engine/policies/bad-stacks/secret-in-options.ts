import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ logDriver: "splunk", logOpts: { "splunk-token": "hunter2" }, workingDir: "/srv/sk-1234" });
  },
  violates: [
    [
      "no-plain-secret",
      "`logOpts.splunk-token` of `web` holds a secret by its name. Pass it as a secret environment variable, and refer to that: `os.environ/NAME` in LiteLLM's config, `$NAME` in a script. Change the secret too: it is in plain text in the container and in Pulumi's state.",
    ],
    [
      "no-plain-secret",
      "`workingDir` of `web` holds a known placeholder for a secret. Pass it as a secret environment variable, and refer to that: `os.environ/NAME` in LiteLLM's config, `$NAME` in a script. Change the secret too: it is in plain text in the container and in Pulumi's state.",
    ],
  ],
} satisfies BadStack;
