/** The namespace of this project's config keys: Pulumi's name of the project (`Pulumi.yaml`). */
export const NAMESPACE = "llm-stack";

/** The command that sets the secret `name`, in backticks, for messages. */
export function setSecret(name: string): string {
  return `\`pulumi config set --secret ${NAMESPACE}:${name}\``;
}
