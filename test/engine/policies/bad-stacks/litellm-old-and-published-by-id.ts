import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ litellm, remoteImage }) => {
    const image = remoteImage("ghcr.io/berriai/litellm:main-v1.73.0-stable");
    litellm({ image: image.imageId, ports: [{ internal: 4000, external: 4444, ip: "192.0.2.10" }] });
  },
  violates: [
    [
      "proxy-on-loopback",
      "`ports[0].ip` of `proxy` publishes LiteLLM on `192.0.2.10`. Publish it on `127.0.0.1`, or allow the address in the policy config (`addresses` of this rule) and put a TLS proxy in front of it.",
    ],
    [
      "litellm-published-version",
      "`image` of `proxy` is LiteLLM 1.73.0, which lets in a request with a crafted `Host` header without a key (CVE-2026-49468), and is published beyond loopback. Run LiteLLM 1.84.0 or later, or publish it on `127.0.0.1` only.",
    ],
  ],
} satisfies BadStack;
