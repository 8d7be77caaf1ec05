import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ groupAdds: ["docker"] });
  },
  violates: [
    [
      "group-allowed",
      "`groupAdds[0]` of `web` is `docker`, which is not allowed. Remove it, or allow the group in the policy config (`groups` of this rule): groups such as `docker` and `disk` amount to root of the host.",
    ],
  ],
} satisfies BadStack;
