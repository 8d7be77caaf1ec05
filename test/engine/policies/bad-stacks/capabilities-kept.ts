import { type BadStack, container } from "../../../support/good-stack.ts";

export default {
  declare: () => {
    container({ capabilities: undefined });
  },
  violates: [
    [
      "capabilities-dropped",
      '`capabilities.drops` of `web` does not hold `ALL`. Set `capabilities` to `{ drops: ["ALL"] }`. One that the program needs may be named in the rule\'s `allowed` by policy config.',
    ],
  ],
} satisfies BadStack;
