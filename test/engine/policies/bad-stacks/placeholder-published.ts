import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container(
      {
        envs: ["DATABASE_URL=postgresql://llmproxy:dbpassword9090@db:5432/litellm"],
        ports: [{ internal: 8080, external: 8080, ip: "192.0.2.10" }],
      },
      { additionalSecretOutputs: ["envs"] },
    );
  },
  violates: [
    [
      "no-published-placeholder",
      "`envs[0]` (`DATABASE_URL`) of `web` holds a placeholder that everybody knows, in a container that is published beyond loopback. Set a secret of your own, such as a `RandomPassword`: attackers try this one first.",
    ],
  ],
} satisfies BadStack;
