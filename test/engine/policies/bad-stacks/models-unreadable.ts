import { type BadStack, litellm } from "../../../support/good-stack.ts";

export default {
  declare: () => {
    litellm({ uploads: [{ file: "/app/config.yml", content: "model_list: [" }] });
  },
  violates: [
    [
      "model-endpoint-allowed",
      "`uploads[0]` (`/app/config.yml`) of `proxy` is not YAML. Name a container of the stack, or allow the host in the rule's `hosts`, or the provider in its `providers`, by policy config.",
    ],
  ],
} satisfies BadStack;
