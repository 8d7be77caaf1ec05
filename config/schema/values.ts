/** The forms of values that several sections share. */

import { z } from "zod";

/** A memory size such as `512m` or `4g` in MiB. */
export function mebibytes(size: string): number {
  return Number.parseInt(size, 10) * (size.endsWith("g") ? 1024 : 1);
}

/** A port of the host. */
export const port = z.int().min(1).max(65535);
/** A name that Docker takes for a container, and that is a host name too. */
export const containerName = z
  .string()
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/,
    "must start with a letter or digit, then letters, digits, `_`, `.` or `-`",
  );

/** A memory limit of at least `least`; more than 4 TiB is taken for a mistake. */
export function memorySize(least: string, why: string) {
  const form = "must be a whole number of MiB or GiB, such as `512m` or `4g`";
  return z
    .string(form)
    .regex(/^[1-9]\d*[mg]$/, form)
    .refine((size) => mebibytes(size) >= mebibytes(least), `must be at least \`${least}\`: ${why}`)
    .refine((size) => mebibytes(size) <= mebibytes("4096g"), "must be at most `4096g`");
}

/** Of a file on the Docker host; a relative path starts at the project's folder. */
export const filePath = z.string().min(1, "must be the path of a file");
/** What a model is called: on a server, or by clients. */
export const modelName = z
  .string()
  .regex(/^[\w./:@-]+$/, "must be a model name such as `tinyllama` or `bge-m3:567m`");
/** What a model is for. */
export const mode = z.enum(["chat", "embedding"]);

/** What a model costs. */
export const price = z
  .strictObject({
    input: z.number().min(0).describe("US dollars for a million tokens of a request."),
    output: z.number().min(0).describe("US dollars for a million tokens of an answer."),
  })
  .optional();

/** US dollars for a million tokens. */
export type Price = NonNullable<z.output<typeof price>>;
