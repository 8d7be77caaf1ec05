import { execa } from "execa";
import { UserError } from "../../config/errors.ts";
import { printable } from "../../config/printable.ts";
import type { StackConfig } from "../../config/stack-config.ts";
import { containerFor, containerNames, declaredContainers } from "../docker/containers.ts";
import { print } from "../output/terminal.ts";

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
    const shown = await showLog([...args, containerFor(config, name)]);
    // Docker says itself what is wrong; Ctrl-C is the way to end `--follow`.
    if (shown.failed && shown.signal === undefined) process.exitCode = 1;
    return;
  }
  if (options.follow) throw new UserError(`\`--follow\` needs one name: ${containerNames(config)}.`);
  for (const container of declaredContainers(config)) {
    print(`==> ${container.name}`);
    await showLog([...args, container.name]);
  }
}

/**
 * Runs `docker logs`. A container logs what its clients and models send, so a terminal gets it as everything else from
 * elsewhere: printable, without colours. A file or a pipe gets the log as it is.
 */
function showLog(args: readonly string[]) {
  if (!process.stdout.isTTY)
    return execa("docker", args, { stdin: "inherit", stdout: "inherit", stderr: "inherit", reject: false });
  // Docker writes to both streams; through two pipes their lines would lose their order.
  return execa("/bin/sh", ["-c", 'exec docker "$@" 2>&1', "docker", ...args], {
    stdin: "inherit",
    stdout: [printableLine, "inherit"],
    reject: false,
  });
}

function* printableLine(line: unknown) {
  yield printable(String(line));
}
