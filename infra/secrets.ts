import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** Inputs of {@link StackSecrets}: values that replace the generated ones. */
export interface StackSecretsArgs {
  /** Must start with `sk-`. */
  masterKey?: pulumi.Input<string>;
  /** May be the master key of a former stack, so that the credentials that it stored can still be decrypted. */
  saltKey?: pulumi.Input<string>;
  databasePassword?: pulumi.Input<string>;
}

/**
 * The secrets that open the stack's data. They are generated even where a given one takes their place, and protected
 * like the volume, so that data and what opens it stay together.
 */
export class StackSecrets extends pulumi.ComponentResource {
  readonly masterKey: pulumi.Output<string>;
  readonly saltKey: pulumi.Output<string>;
  readonly databasePassword: pulumi.Output<string>;

  constructor(name: string, args: StackSecretsArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("llm-stack:docker:StackSecrets", name, {}, opts);
    const generated = (suffix: string) =>
      new random.RandomPassword(
        `${name}-${suffix}`,
        { length: 40, special: false },
        { parent: this, protect: true },
      ).result;
    const masterKey = pulumi.interpolate`sk-${generated("master-key")}`;
    const saltKey = pulumi.interpolate`sk-${generated("salt-key")}`;
    const databasePassword = generated("database-password");

    this.masterKey = pulumi.secret(args.masterKey ?? masterKey);
    this.saltKey = pulumi.secret(args.saltKey ?? saltKey);
    this.databasePassword = pulumi.secret(args.databasePassword ?? databasePassword);
    this.registerOutputs({
      masterKey: this.masterKey,
      saltKey: this.saltKey,
      databasePassword: this.databasePassword,
    });
  }
}
