import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ litellm }) => {
    litellm({ ports: [{ internal: 4000, external: 4444, ip: "192.0.2.10" }] });
  },
  violates: [
    [
      "proxy-on-loopback",
      "`ports[0].ip` of `proxy` publishes LiteLLM on `192.0.2.10`. Publish it on `127.0.0.1`, or allow the address in the policy config (`addresses` of this rule) and put a TLS proxy in front of it.",
    ],
  ],
} satisfies BadStack;
