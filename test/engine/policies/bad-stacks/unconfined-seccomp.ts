import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ securityOpts: ["no-new-privileges:true", "seccomp=unconfined"] });
  },
  violates: [
    [
      "no-unconfined-profile",
      "`securityOpts[1]` of `web` is `seccomp=unconfined`. Remove it, so that the engine's default profile applies, or allow a profile of your own in the policy config (`allowed` of this rule).",
    ],
  ],
} satisfies BadStack;
