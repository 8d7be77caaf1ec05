/** The services that a stack consists of. */

/** The services, in the order in which images are listed. */
export const SERVICES = ["postgres", "ollama", "litellm"] as const;

/** A service: a stack has one `postgres`, one `litellm`, and an `ollama` for each entry of its config. */
export type Service = (typeof SERVICES)[number];
