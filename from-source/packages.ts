/** Programs of the host that building images takes: Debian packages, pip, npm. */

import { join } from "node:path";
import { execa, type Options } from "execa";
import { cacheDir, withLock } from "../setup/cache.ts";
import { UserError } from "../setup/errors.ts";
import { type Arch, lastLines, type Report } from "../setup/images/docker.ts";

/** Python of the base image (Debian 12), for which wheels are chosen. */
export const IMAGE_PYTHON = "3.11";
/** Newest glibc that wheels for the base image may ask for (Debian 12 has 2.36). */
const IMAGE_GLIBC_MINOR = 36;

/**
 * Runs a program; what it prints is shown only when it fails.
 *
 * @throws {UserError} with its last lines
 */
export async function run(file: string, args: readonly string[], options: Options = {}): Promise<string> {
  const done = await execa(file, args, { ...options, all: true, reject: false });
  if (done.failed) {
    const shown = typeof done.all === "string" && done.all !== "" ? done.all : done.shortMessage;
    throw new UserError(`\`${file} ${args[0] ?? ""}\` failed:\n${lastLines(shown)}`, { cause: done });
  }
  return typeof done.stdout === "string" ? done.stdout : "";
}

/**
 * Makes sure that `probe` runs, by installing Debian packages where it does not.
 *
 * @param purpose ends the sentence "is needed to …"
 * @throws {UserError} where they cannot be installed, with the command for an administrator
 */
export async function needProgram(
  probe: readonly [string, ...string[]],
  packages: readonly string[],
  purpose: string,
  report: Report,
): Promise<void> {
  if (await runs(probe)) return;
  await withLock(join(cacheDir(), ".locks", "apt"), async () => {
    if (await runs(probe)) return;
    if (process.getuid?.() !== 0 || !(await runs(["apt-get", "--version"]))) {
      throw new UserError(
        `\`${probe.join(" ")}\` does not run; it is needed to ${purpose}. Install it (Debian, Ubuntu: \`sudo apt-get install ${packages.join(" ")}\`), or name a registry that can be reached in \`images.registry\`.`,
      );
    }
    report(`installing Debian packages ${packages.join(", ")}`);
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update", "--quiet"], { env });
    await run(
      "apt-get",
      ["install", "--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", ...packages],
      { env },
    );
  });
}

async function runs([file, ...args]: readonly [string, ...string[]]): Promise<boolean> {
  return !(await execa(file, args, { reject: false })).failed;
}

/** Platform tags of the wheels that run in the base image: pip knows of no order among those given to it. */
export function wheelPlatforms(arch: Arch): string[] {
  const machine = arch === "amd64" ? "x86_64" : "aarch64";
  const minors = Array.from({ length: IMAGE_GLIBC_MINOR - 4 }, (_, index) => IMAGE_GLIBC_MINOR - index);
  return [
    ...minors.map((minor) => `manylinux_2_${minor}_${machine}`),
    `manylinux2014_${machine}`,
    `manylinux1_${machine}`,
  ];
}

export interface PipInstall {
  readonly target: string;
  readonly requirements: readonly string[];
  readonly arch: Arch;
  /** Whether what they depend on is installed too. */
  readonly dependencies: boolean;
  /** A pip constraints file. */
  readonly constraints?: string;
}

/** Installs wheels for the base image's Python into a folder, with the host's pip and its index, proxy and CA settings. */
export async function pipInstall(install: PipInstall, report: Report): Promise<void> {
  await needProgram(
    ["python3", "-m", "pip", "--version"],
    ["python3-pip"],
    "fetch packages from PyPI",
    report,
  );
  report(`fetching ${install.requirements.join(", ")} from PyPI`);
  await run("python3", [
    ...[
      "-m",
      "pip",
      "install",
      "--quiet",
      "--no-compile",
      "--no-warn-script-location",
      "--root-user-action=ignore",
    ],
    ...["--only-binary=:all:", "--python-version", IMAGE_PYTHON, "--implementation", "cp"],
    ...wheelPlatforms(install.arch).flatMap((platform) => ["--platform", platform]),
    ...(install.dependencies ? [] : ["--no-deps"]),
    ...(install.constraints === undefined ? [] : ["--constraint", install.constraints]),
    ...["--target", install.target, ...install.requirements],
  ]);
}

/** Installs npm packages into `folder`, without their install scripts. */
export async function npmInstall(
  folder: string,
  packages: readonly string[],
  arch: Arch,
  report: Report,
): Promise<void> {
  report(`fetching ${packages.join(", ")} from npm`);
  await run("npm", [
    ...[
      "install",
      "--prefix",
      folder,
      "--ignore-scripts",
      "--no-save",
      "--no-package-lock",
      "--no-audit",
      "--no-fund",
    ],
    ...["--os", "linux", "--cpu", arch === "amd64" ? "x64" : "arm64", ...packages],
  ]);
}
