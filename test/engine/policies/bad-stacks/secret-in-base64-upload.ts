import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    const contentBase64 = Buffer.from("DATABASE_PASSWORD=dbpassword9090").toString("base64");
    container({ uploads: [{ file: "/app/.env", contentBase64 }] });
  },
  violates: [
    [
      "no-plain-secret",
      "`uploads[0]` (`/app/.env`) of `web` holds a known placeholder for a secret. Pass it as a secret environment variable, and refer to that: `os.environ/NAME` in LiteLLM's config, `$NAME` in a script. Change the secret too: it is in plain text in the container and in Pulumi's state.",
    ],
  ],
} satisfies BadStack;
