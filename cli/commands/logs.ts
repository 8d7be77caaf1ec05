import { execa } from "execa";
import { UserError } from "../../config/errors.ts";
import type { StackConfig } from "../../config/stack-config.ts";
import { containerFor, containerNames, declaredContainers } from "../docker/containers.ts";

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
    const shown = await execa("docker", [...args, containerFor(config, name)], {
      stdio: "inherit",
      reject: false,
    });
    // Docker says itself what is wrong; Ctrl-C is the way to end `--follow`.
    if (shown.failed && shown.signal === undefined) process.exitCode = 1;
    return;
  }
  if (options.follow) throw new UserError(`\`--follow\` needs one name: ${containerNames(config)}.`);
  for (const container of declaredContainers(config)) {
    console.log(`==> ${container.name}`);
    await execa("docker", [...args, container.name], { stdio: "inherit", reject: false });
  }
}
