import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ litellm }) => {
    litellm({ envs: ["LITELLM_MASTER_KEY=", "LITELLM_SALT_KEY=of-their-own"] });
  },
  violates: [
    [
      "proxy-keys-set",
      "`envs[0]` (`LITELLM_MASTER_KEY`) of `proxy` is empty. Set both as secret environment variables: without a master key anyone can use the proxy, and if the salt key is set later, LiteLLM cannot read what it stored before.",
    ],
  ],
} satisfies BadStack;
