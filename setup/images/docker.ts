/** Images in the Docker engine: asking for them, pulling them. */

import { execa } from "execa";
import { UserError } from "../../config/errors.ts";
import { lastLines, type Report } from "../programs.ts";

/** Which of `refs` the engine holds. */
export async function heldImages(refs: readonly string[]): Promise<ReadonlySet<string>> {
  const held = await Promise.all(refs.map(async (ref) => ((await holdsImage(ref)) ? [ref] : [])));
  return new Set(held.flat());
}

/** Whether the engine holds `ref`. @throws {UserError} when it does not answer */
export async function holdsImage(ref: string): Promise<boolean> {
  const found = await execa("docker", ["image", "inspect", "--format", "{{.Id}}", ref], { reject: false });
  if (!found.failed) return true;
  if (/no such image/i.test(found.stderr)) return false;
  throw new UserError(`\`docker image inspect ${ref}\` failed: ${found.stderr}`, { cause: found });
}

/** Pulls `ref`. @throws {UserError} with the engine's reason */
export async function pullImage(ref: string, report: Report): Promise<void> {
  const pull = execa("docker", ["pull", ref], { all: true, reject: false });
  for await (const line of pull.iterable({ from: "all" })) report(line);
  const done = await pull;
  if (done.failed)
    throw new UserError(`\`docker pull ${ref}\` failed: ${lastLines(done.all, 2)}`, { cause: done });
}
