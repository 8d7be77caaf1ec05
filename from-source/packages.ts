/** Packages from PyPI and npm, for the base image rather than for this machine. */

import { needProgram, type Report, run } from "../setup/programs.ts";
import type { Arch } from "./images/build-once.ts";

/** Python of the base image (Debian 12), for which wheels are chosen. */
export const IMAGE_PYTHON = "3.11";
/** Newest glibc that wheels for the base image may ask for (Debian 12 has 2.36). */
const IMAGE_GLIBC_MINOR = 36;

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
