/** Config values that are secrets: which they are, and what is wrong with one. */

import { setSecret } from "./namespace.ts";

/** Secret config values with a fixed name; any other secret's name ends in `ApiKey`. */
export const SECRET_NAMES = ["masterKey", "saltKey", "databasePassword"] as const;

/** Whether `key` is the name of a secret config value, such as `masterKey` or `geminiApiKey`. */
export function isSecretName(key: string): boolean {
  return (SECRET_NAMES as readonly string[]).includes(key) || /^[a-z][a-zA-Z0-9]*ApiKey$/.test(key);
}

/** The environment variable that brings a secret config value to the proxy: `geminiApiKey` → `GEMINI_API_KEY`. */
export function secretEnvName(secret: string): string {
  return secret.replace(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g, "$1$3_$2$4").toUpperCase();
}

/**
 * What is wrong with a secret's value, without showing it: undefined when nothing is. LiteLLM refuses a master key
 * that does not start with `sk-`.
 */
export function secretProblem(name: string, value: string): string | undefined {
  const again = setSecret(name);
  if (value === "") return `\`${name}\`: is empty; ${again}, or remove it`;
  if (/\s/.test(value)) return `\`${name}\`: contains a space or a line break; ${again}`;
  if (name === "masterKey" && !/^sk-\S{4,}$/.test(value))
    return `\`masterKey\`: must start with \`sk-\`, with at least four characters after it; ${again}, or remove it to have one generated`;
  return undefined;
}
