import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container, remoteImage }) => {
    const image = remoteImage("ollama/ollama:0.17.1");
    container({ image: image.imageId, ports: [{ internal: 11434, external: 11434, ip: "192.0.2.10" }] });
  },
  violates: [
    [
      "backends-on-loopback",
      "`ports[0].ip` of `web` publishes Ollama on `192.0.2.10`. Publish it on `127.0.0.1`, or not at all: LiteLLM reaches it over their shared network. Ollama has no authentication.",
    ],
  ],
} satisfies BadStack;
