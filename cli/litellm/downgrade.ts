/** An older LiteLLM cannot take the database of a newer one: refused while the newer one still runs. */

import { execa } from "execa";
import { MigrationError, refuseNewer } from "prisma-wasm-engine/migrations";
import { UserError } from "../../config/errors.ts";
import { DATABASE, PROXY } from "../../config/names.ts";
import type { Workspace } from "../../setup/prepare.ts";
import { inspectContainers } from "../docker/containers.ts";

/** Prints the names of the migrations that an image's LiteLLM knows, one a line: some hold spaces. */
const KNOWN = `
import os, litellm_proxy_extras as extras
print(*os.listdir(os.path.join(extras.__path__[0], "migrations")), sep="\\n")`;
const APPLIED =
  "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL";

/**
 * Looks only when another image than the proxy's is about to be deployed, and the database runs. Where it does not,
 * the proxy itself refuses when it starts.
 *
 * @throws {UserError} when the database is of a newer LiteLLM
 */
export async function refuseDowngrade({ config, prepared }: Workspace): Promise<void> {
  const { ref, version } = prepared.images.litellm;
  const names = [PROXY.container, DATABASE.container].map((name) => `${config.namePrefix}${name}`);
  const [proxy, database] = await inspectContainers(names);
  if (database?.state !== "running" || database.health !== "healthy") return;
  const { stdout: image } = await execa("docker", ["image", "inspect", "--format", "{{.Id}}", ref]);
  if (proxy?.image === image) return;
  const [known, applied] = await Promise.all([knownMigrations(ref), appliedMigrations(database.name)]);
  try {
    refuseNewer(known, applied);
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    throw new UserError(`\`images.litellm\` (${version}): ${error.message} Nothing was touched.`, {
      cause: error,
    });
  }
}

/** The names of the migrations that an image's LiteLLM knows. */
export async function knownMigrations(ref: string): Promise<Set<string>> {
  const python = ["--network=none", "--entrypoint=python3", ref, "-c", KNOWN];
  return new Set((await execa("docker", ["run", "--rm", ...python])).stdout.split("\n"));
}

/** The names of the migrations that the database in a container has applied. */
export async function appliedMigrations(container: string): Promise<Set<string>> {
  const psql = ["psql", `--username=${DATABASE.role}`, `--dbname=${DATABASE.database}`, "-Atc", APPLIED];
  const { failed, stdout, stderr } = await execa("docker", ["exec", container, ...psql], { reject: false });
  if (!failed) return new Set(stdout.split("\n").filter(Boolean));
  // A database that no LiteLLM has used yet.
  if (stderr.includes('relation "_prisma_migrations" does not exist')) return new Set();
  throw new UserError(`\`docker exec ${container} psql\` failed: ${stderr}`);
}
