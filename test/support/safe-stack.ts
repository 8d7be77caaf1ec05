/** Docker resources that no mandatory rule objects to: a bad stack changes one thing about them. */

import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { LITELLM_FIXED, officialTag } from "../../litellm/versions.ts";

/** A stack that the pack must refuse, for exactly these reasons. */
export interface BadStack {
  /** Declares the stack's resources with what it is given, which puts them into this stack. */
  readonly declare: (resources: TestStack) => void;
  /** Name of the mandatory rule, and the whole message without the rule's description, for each violation. */
  readonly violates: readonly (readonly [rule: string, message: string])[];
}

const TYPE = "test:stack:";

/**
 * One of many stacks in one program: their resources have the same names, and are told apart by the type of their
 * parent, which is part of a URN.
 */
export class TestStack extends pulumi.ComponentResource {
  constructor(name: string) {
    super(`${TYPE}${name}`, name);
  }

  /** The name of the stack that a resource is in; undefined for one in none. */
  static nameIn(urn: string): string | undefined {
    return urn
      .split("::")[2]
      ?.split("$")
      .find((type) => type.startsWith(TYPE))
      ?.slice(TYPE.length);
  }

  /** Another person's container, `web`; an argument that is given as undefined is left out. */
  readonly container = (
    args: Partial<docker.ContainerArgs> = {},
    options: pulumi.CustomResourceOptions & { name?: string } = {},
  ): docker.Container => {
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
      { ...resourceOptions, parent: this },
    );
  };

  /** LiteLLM, `proxy`, which no mandatory rule objects to either. */
  readonly litellm = (args: Partial<docker.ContainerArgs> = {}): docker.Container =>
    this.container(
      {
        name: "litellm",
        image: `ghcr.io/berriai/litellm:${officialTag(LITELLM_FIXED)}`,
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

  /** The image resource `image`, which pulls `reference`. */
  readonly remoteImage = (reference: string): docker.RemoteImage =>
    new docker.RemoteImage("image", { name: reference }, { parent: this });

  readonly network = (name: string, args: docker.NetworkArgs): docker.Network =>
    new docker.Network(name, args, { parent: this });

  readonly volume = (name: string, args: docker.VolumeArgs = {}): docker.Volume =>
    new docker.Volume(name, args, { parent: this });
}
