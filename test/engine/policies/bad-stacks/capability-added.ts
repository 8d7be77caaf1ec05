import { type BadStack, container } from "../../../support/good-stack.ts";

export default {
  declare: () => {
    container({ capabilities: { drops: ["ALL"], adds: ["CAP_SYS_ADMIN"] } });
  },
  violates: [
    [
      "capabilities-dropped",
      '`capabilities.adds[0]` of `web` is `SYS_ADMIN`, which is not allowed. Set `capabilities` to `{ drops: ["ALL"] }`. One that the program needs may be named in the rule\'s `allowed` by policy config.',
    ],
  ],
} satisfies BadStack;
