import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container, litellm }) => {
    litellm({ ports: [{ internal: 4000, external: 4444, ip: "127.000.000.001" }] });
    container({ image: "postgres:16.14", ports: [{ internal: 5432, external: 5432, ip: "localhost" }] });
  },
  violates: [
    [
      "proxy-on-loopback",
      "`ports[0].ip` of `proxy` publishes LiteLLM on `0.0.0.0`, as `127.000.000.001` is not an address that Docker reads as written. Publish it on `127.0.0.1`, or allow the address in the policy config (`addresses` of this rule) and put a TLS proxy in front of it.",
    ],
    [
      "backends-on-loopback",
      "`ports[0].ip` of `web` publishes PostgreSQL on `0.0.0.0`, as `localhost` is not an address that Docker reads as written. Publish it on `127.0.0.1`, or not at all: LiteLLM reaches it over their shared network. Ollama has no authentication.",
    ],
  ],
} satisfies BadStack;
