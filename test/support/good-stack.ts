/** Docker resources that no mandatory rule objects to: a bad stack changes one thing about them. */

import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";

/** A stack that the pack must refuse, for exactly these reasons. */
export interface BadStack {
  /** Declares the stack's resources. */
  readonly declare: () => void;
  /** Name of the mandatory rule, and the whole message without the rule's description, for each violation. */
  readonly violates: readonly (readonly [rule: string, message: string])[];
}

/** Another person's container, `web`; an argument that is given as undefined is left out. */
export function container(
  args: Partial<docker.ContainerArgs> = {},
  options: pulumi.CustomResourceOptions & { name?: string } = {},
): docker.Container {
  const { name = "web", ...resourceOptions } = options;
  return new docker.Container(
    name,
    {
      name,
      image: "nginx:1.27.3",
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      memory: 256,
      healthcheck: { tests: ["CMD", "true"] },
      networkMode: "bridge",
      networksAdvanced: [{ name: "theirs" }],
      ports: [{ internal: 8080, external: 8080, ip: "127.0.0.1" }],
      ...args,
    },
    resourceOptions,
  );
}

/** LiteLLM, `proxy`, which no mandatory rule objects to either. */
export function litellm(args: Partial<docker.ContainerArgs> = {}): docker.Container {
  return container(
    {
      name: "litellm",
      image: "ghcr.io/berriai/litellm:main-v1.84.0-stable",
      envs: ["LITELLM_MASTER_KEY=sk-of-their-own", "LITELLM_SALT_KEY=of-their-own"],
      uploads: [
        {
          file: "/app/config.yml",
          content:
            "model_list: [{ model_name: gpt, litellm_params: { model: openai/gpt-4o, api_key: os.environ/OPENAI_API_KEY } }]",
        },
      ],
      ports: [{ internal: 4000, external: 4444, ip: "127.0.0.1" }],
      ...args,
    },
    { name: "proxy", additionalSecretOutputs: ["envs"] },
  );
}
