/** Labels on what a stack makes in the engine. Apart from `ownership.ts`, so that the CLI need not load Pulumi's SDK. */

/** Label with the id of the owning stack, kept in its state: a lost state cannot claim what it made. */
export const OWNER_LABEL = "llm-stack.owner";
/** Label of a volume with the user that its files belong to. A volume without it is from before, and may belong to root. */
export const USER_LABEL = "llm-stack.user";
/** Label with the location of the owning stack's state, for messages. */
export const STATE_LABEL = "llm-stack.state";
