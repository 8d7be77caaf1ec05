/**
 * What the stack's containers, volumes, network, hosts and database are called. Those that the Docker engine knows get
 * the config's `namePrefix` in front; host names do not, as each stack has a network of its own.
 */

/** The Docker network. */
export const NETWORK_NAME = "llm-stack";

/** The proxy's names. */
export const PROXY = { container: "litellm", hostName: "litellm" } as const;

/** The database's names. */
export const DATABASE = {
  container: "litellm_db",
  volume: "litellm_postgres_data",
  hostName: "db",
  /** The database itself, in PostgreSQL. */
  database: "litellm",
  /** The PostgreSQL role that owns it. */
  role: "llmproxy",
} as const;

/** Where the GGUF file of a model is in a server's container. Its start script names its notes on the model likewise. */
export function ggufPath(model: string): string {
  return `/models/${model.replaceAll(/[:/]/g, "_")}.gguf`;
}

/** The volume for the weights of an Ollama server, whose container has its config's name. */
export function weightsVolume(container: string): string {
  return `${container}_data`;
}
