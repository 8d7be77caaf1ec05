import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

/** Inputs of {@link StackImages}: the references to run, each in the engine or to be pulled. */
export interface StackImagesArgs {
  postgres: pulumi.Input<string>;
  ollama: pulumi.Input<string>;
  litellm: pulumi.Input<string>;
}

/** The three images. Their ids are the outputs: a tag that moved rolls the containers, a name alone would not. */
export class StackImages extends pulumi.ComponentResource {
  readonly postgres: pulumi.Output<string>;
  readonly ollama: pulumi.Output<string>;
  readonly litellm: pulumi.Output<string>;

  constructor(name: string, args: StackImagesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-stack:docker:StackImages", name, {}, opts);
    const image = (part: keyof StackImagesArgs) =>
      new docker.RemoteImage(`${name}-${part}`, { name: args[part], keepLocally: true }, { parent: this })
        .imageId;
    this.postgres = image("postgres");
    this.ollama = image("ollama");
    this.litellm = image("litellm");
    this.registerOutputs({ postgres: this.postgres, ollama: this.ollama, litellm: this.litellm });
  }
}
