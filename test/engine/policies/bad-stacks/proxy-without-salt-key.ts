import { type BadStack, litellm } from "../../../support/good-stack.ts";

export default {
  declare: () => {
    litellm({ envs: ["LITELLM_MASTER_KEY=sk-of-their-own"] });
  },
  violates: [
    [
      "proxy-keys-set",
      "`envs` of `proxy` holds no `LITELLM_SALT_KEY`. Set both as secret environment variables: without a master key everybody may use the proxy, and with a salt key that is set later it cannot read what it stored before.",
    ],
  ],
} satisfies BadStack;
