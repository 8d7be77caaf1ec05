import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({
      envs: ["OLLAMA_NUM_PARALLEL=2"],
      ports: [{ internal: 80, external: 80, ip: "192.0.2.10" }],
    });
  },
  violates: [
    [
      "backends-on-loopback",
      "`ports[0].ip` of `web` publishes Ollama on `192.0.2.10`. Publish it on `127.0.0.1`, or not at all: LiteLLM reaches it over their shared network. Ollama has no authentication.",
    ],
  ],
} satisfies BadStack;
