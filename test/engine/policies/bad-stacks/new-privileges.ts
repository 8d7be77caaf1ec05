import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ securityOpts: undefined });
  },
  violates: [
    [
      "no-new-privileges",
      "`securityOpts` of `web` does not contain `no-new-privileges:true`. Add `no-new-privileges:true` to `securityOpts`.",
    ],
  ],
} satisfies BadStack;
