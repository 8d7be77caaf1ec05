import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { NETWORK_NAME } from "../config/names.ts";

/** Inputs of {@link StackNetwork}. */
export interface StackNetworkArgs {
  /** Name of the Docker network. Default: `llm-stack`. */
  networkName?: string;
}

/** The user network on which the stack's containers find each other by name. */
export class StackNetwork extends pulumi.ComponentResource {
  /** Name of the Docker network; whoever uses it depends on the network. */
  readonly networkName: pulumi.Output<string>;

  constructor(name: string, args: StackNetworkArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("llm-stack:docker:StackNetwork", name, {}, opts);
    const network = new docker.Network(
      name,
      { name: args.networkName ?? NETWORK_NAME, driver: "bridge" },
      { parent: this, deleteBeforeReplace: true },
    );
    this.networkName = network.name;
    this.registerOutputs({ networkName: this.networkName });
  }
}
