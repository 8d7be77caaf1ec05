import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ litellm }) => {
    litellm({ image: "postgres:16.14", ports: [{ internal: 5432, external: 5432, ip: "192.0.2.10" }] });
  },
  violates: [
    [
      "backends-on-loopback",
      "`ports[0].ip` of `proxy` publishes PostgreSQL on `192.0.2.10`. Publish it on `127.0.0.1`, or not at all: LiteLLM reaches it over their shared network. Ollama has no authentication.",
    ],
    [
      "proxy-on-loopback",
      "`ports[0].ip` of `proxy` publishes LiteLLM on `192.0.2.10`. Publish it on `127.0.0.1`, or allow the address in the policy config (`addresses` of this rule) and put a TLS proxy in front of it.",
    ],
    [
      "litellm-exploited-version",
      "`image` of `proxy` does not say which version of LiteLLM it is. Run LiteLLM 1.84.0 or later, with a tag that names the version, such as `main-v1.84.0-stable`; for an id, take it from a `RemoteImage`.",
    ],
  ],
} satisfies BadStack;
