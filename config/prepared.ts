/**
 * What `setup/` found or made for one stack, written to `.llm-stack/prepared.<stack>.json` and read by the program:
 * every fact that the program must not find out by itself, so that a preview is the same on every run.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** One container image that is in the engine now. */
const preparedImage = z.strictObject({
  /** The reference to deploy, such as `postgres:16.14-bookworm` or `llm-stack.local/postgres:16.14-0123abcd`. */
  ref: z.string(),
  /** The version of the service inside, such as `16.14`. */
  version: z.string(),
  source: z.enum(["pulled", "built"]),
});

const preparedSchema = z.strictObject({
  /** The engine's own figures (`docker info`). */
  engine: z.strictObject({ version: z.string(), cpus: z.int(), memoryBytes: z.int() }),
  images: z.strictObject({ postgres: preparedImage, ollama: preparedImage, litellm: preparedImage }),
  /** Whether the Ollama registry answered when a model of this stack first depended on it. Absent until then. */
  ollamaRegistry: z.enum(["answers", "cannot be reached"]).optional(),
  /**
   * The model that stands in for `tinyllama` where the Ollama registry cannot be reached: its honest name, and
   * the GGUF file on the host. Absent where the registry answers.
   */
  standIn: z.strictObject({ for: z.literal("tinyllama"), name: z.string(), gguf: z.string() }).optional(),
});

export type PreparedImage = z.infer<typeof preparedImage>;
export type Prepared = z.infer<typeof preparedSchema>;

/** Whether the stand-in takes the place of `model`; it never does where the config names a GGUF file. */
export function usesStandIn(
  model: { readonly name: string; readonly gguf?: string | undefined },
  standIn: Pick<NonNullable<Prepared["standIn"]>, "for"> | undefined,
): boolean {
  return model.name === standIn?.for && model.gguf === undefined;
}

/** The file that holds the facts of `stack` in the project at `root`. */
export function preparedPath(root: string, stack: string): string {
  return join(root, ".llm-stack", `prepared.${stack}.json`);
}

/**
 * Reads the facts of `stack`.
 *
 * @throws when the machine was never prepared for it; the message names the command that does so
 */
export function readPrepared(root: string, stack: string): Prepared {
  const path = preparedPath(root, stack);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(
      `\`${path}\` cannot be read: this machine is not prepared for the stack \`${stack}\`. Run \`npm run up\`, or \`eval "$(npm run -s env)"\` before plain \`pulumi\`.`,
      { cause: error },
    );
  }
  return preparedSchema.parse(JSON.parse(text));
}
