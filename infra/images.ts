import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Service } from "../config/services.ts";

/** Inputs of {@link StackImages}: the references to run, each in the engine already or to be pulled. */
export type StackImagesArgs = Record<Service, pulumi.Input<string>>;

/** The three images. Their ids are the outputs: with these, a tag that moved replaces the containers. */
export class StackImages extends pulumi.ComponentResource {
  readonly postgres: pulumi.Output<string>;
  readonly ollama: pulumi.Output<string>;
  readonly litellm: pulumi.Output<string>;

  constructor(name: string, args: StackImagesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-stack:docker:StackImages", name, {}, opts);
    const image = (service: Service) =>
      new docker.RemoteImage(
        `${name}-${service}`,
        { name: args[service], keepLocally: true },
        { parent: this },
      ).imageId;
    this.postgres = image("postgres");
    this.ollama = image("ollama");
    this.litellm = image("litellm");
    this.registerOutputs({ postgres: this.postgres, ollama: this.ollama, litellm: this.litellm });
  }
}
