import { execa } from "execa";
import type { StackConfig } from "../../config/model.ts";
import { UserError } from "../../setup/errors.ts";
import { declaredContainers } from "../containers.ts";

/** Prints the logs of one container, or the last lines of each. */
export async function logs(
  config: StackConfig,
  name: string | undefined,
  options: { follow?: boolean; tail?: string } = {},
): Promise<void> {
  const args = [
    "logs",
    "--tail",
    options.tail ?? (name === undefined ? "20" : "all"),
    ...(options.follow ? ["--follow"] : []),
  ];
  if (name !== undefined) {
    await execa("docker", [...args, containerFor(config, name)], {
      stdio: "inherit",
      cancelSignal: undefined,
      reject: false,
    });
    return;
  }
  if (options.follow) throw new UserError(`\`--follow\` needs one name: ${names(config)}.`);
  for (const container of declaredContainers(config)) {
    console.log(`==> ${container.name}`);
    await execa("docker", [...args, container.name], { stdio: "inherit", reject: false });
  }
}

/**
 * The container that `name` means: a container's own name, or a service such as `db` or `proxy`.
 *
 * @throws {UserError} with the known names
 */
export function containerFor(config: StackConfig, name: string): string {
  const found = declaredContainers(config).find(
    (container) => container.name === name || container.services.includes(name),
  );
  if (found === undefined) throw new UserError(`\`${name}\`: no such container; there are ${names(config)}.`);
  return found.name;
}

const names = (config: StackConfig) =>
  declaredContainers(config)
    .map((container) => `\`${container.services[0]}\``)
    .join(", ");
