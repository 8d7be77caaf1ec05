import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container, remoteImage }) => {
    const image = remoteImage("postgres:16.14");
    container({ image: image.imageId, ports: [{ internal: 5432, external: 5432, ip: "192.0.2.10" }] });
  },
  violates: [
    [
      "backends-on-loopback",
      "`ports[0].ip` of `web` publishes PostgreSQL on `192.0.2.10`. Publish it on `127.0.0.1`, or not at all: LiteLLM reaches it over their shared network. Ollama has no authentication.",
    ],
  ],
} satisfies BadStack;
