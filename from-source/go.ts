/** Finds Go and builds with it: needed only where official programs cannot be downloaded. */

import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { compareVersions } from "../config/compare-versions.ts";
import { UserError } from "../setup/errors.ts";

/** The `go` line of the strictest module that is built here (the Terraform bridge and its upstreams). */
export const GO_MINIMUM = "1.25.8";

/** From this release on, Go fetches the newer Go that a module asks for from the module proxy by itself. */
const FETCHES_TOOLCHAINS = "1.21";

/** Where installers put Go without telling PATH: golang.org's archive, Debian's packages. */
const CANDIDATES = ["go", "/usr/local/go/bin/go", "/usr/lib/go/bin/go"];

/**
 * The path or name of a Go that can build modules which ask for `minimum`.
 *
 * @throws UserError when there is none, or only one that is too old and may not fetch a newer one
 */
export async function findGo(minimum = GO_MINIMUM, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const found: string[] = [];
  for (const program of CANDIDATES) {
    const asked = await execa(program, ["env", "GOVERSION", "GOTOOLCHAIN"], {
      env,
      extendEnv: false,
      cwd: "/", // a go.mod there could make Go switch to another version
      reject: false,
    });
    const [version, toolchain] = asked.exitCode === 0 ? asked.stdout.split("\n") : [];
    if (!version) continue;
    if (goIsEnough(version, toolchain ?? "", minimum)) return program;
    found.push(`${version} (\`${program}\`, GOTOOLCHAIN=${toolchain})`);
  }
  throw new UserError(goMissing(found, minimum));
}

/**
 * Whether a Go can build for `minimum`: it is new enough, or old but fetches what is asked for.
 *
 * @param version as `go env GOVERSION` prints it, such as `go1.26.8`
 * @param toolchain as `go env GOTOOLCHAIN` prints it; `local` forbids to fetch
 */
export function goIsEnough(version: string, toolchain: string, minimum: string): boolean {
  if (compareVersions(version, minimum) >= 0) return true;
  return compareVersions(version, FETCHES_TOOLCHAINS) >= 0 && /^auto$|\+auto$/.test(toolchain);
}

function goMissing(found: readonly string[], minimum: string): string {
  return [
    found.length === 0
      ? `\`go\` is not installed; Go ${minimum} or newer is needed to build what cannot be downloaded here.`
      : `Go ${minimum} or newer is needed to build what cannot be downloaded here; found: ${found.join(", ")}.`,
    "Ways out: install it from https://go.dev/dl or a package (Debian: `golang-go`, from backports where the release's own is older);",
    `or let Go ${FETCHES_TOOLCHAINS} or newer fetch it with \`GOTOOLCHAIN=auto\`.`,
  ].join(" ");
}

export interface GoBuild {
  /** Folder that holds `go.mod`; never written to. */
  readonly module: string;
  /** Import paths, or paths in the module such as `./server`. */
  readonly packages: readonly string[];
  /** The file to write; a folder, for several programs, ends in `/`. */
  readonly output: string;
  /** Build tags. */
  readonly tags?: readonly string[];
  /** Go variables to set when linking, full name to value. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Edits of module sources, in this build only. */
  readonly edits?: readonly GoEdit[];
}

/** A text in a module's source that is replaced while building. */
export interface GoEdit {
  /** Path of a module that the built one requires. */
  readonly module: string;
  /** The file, below the module's folder. */
  readonly file: string;
  readonly text: RegExp;
  readonly replacement: string;
}

/**
 * Builds programs, without cgo, from exactly the modules that `go.sum` names.
 *
 * @throws UserError that says what failed: disk full, module proxy not reachable, or Go's last lines
 */
export async function goBuild(
  go: string,
  build: GoBuild,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const variables = Object.entries(build.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  const args = ["build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-o", build.output];
  args.push("-ldflags", ["-s -w", ...variables].join(" "));
  if (build.tags?.length) args.push("-tags", build.tags.join(","));
  const run = async (args: readonly string[]) => {
    const done = await execa(go, args, {
      cwd: build.module,
      env: { ...env, CGO_ENABLED: "0", GOWORK: "off" },
      extendEnv: false,
      reject: false,
    });
    if (done.failed) throw new UserError(goFailure(build.packages.join(" "), done.stderr), { cause: done });
    return done.stdout;
  };
  if (build.edits === undefined) return void (await run([...args, ...build.packages]));

  // Go refuses to overlay its module cache, so an edited module is a copy that a go.mod of this build names.
  const folder = await mkdtemp(join(tmpdir(), "llm-stack-go-"));
  try {
    const modfile = join(folder, "go.mod");
    for (const file of ["go.mod", "go.sum"]) await copyFile(join(build.module, file), join(folder, file));
    for (const [index, edit] of build.edits.entries()) {
      const { Dir } = JSON.parse(await run(["mod", "download", "-json", edit.module])) as { Dir: string };
      const copy = join(folder, String(index));
      await execa("cp", ["-R", Dir, copy]);
      await execa("chmod", ["-R", "u+w", copy]);
      const source = join(copy, edit.file);
      await writeFile(source, applyEdit(await readFile(source, "utf8"), edit));
      await run(["mod", "edit", `-replace=${edit.module}=${copy}`, modfile]);
    }
    await run([...args, `-modfile=${modfile}`, ...build.packages]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * The source with the edit made.
 *
 * @throws when the text is not in it: the module's version has changed, so the edit must be looked at
 */
export function applyEdit(source: string, { file, text, replacement }: GoEdit): string {
  if (!text.test(source)) throw new Error(`\`${file}\` does not hold ${text}: look at the edit again`);
  return source.replace(text, replacement);
}

/** What to tell the user of a failed Go build, from what Go printed. */
export function goFailure(what: string, stderr: string): string {
  if (/no space left on device/.test(stderr)) {
    return `No disk space is left to build \`${what}\`: free some (about 6 GB in Go's caches, \`go clean -modcache -cache\` empties them) and run it again.`;
  }
  const last = stderr.trim().split("\n").slice(-5).join("\n");
  if (/dial tcp|no such host|proxyconnect|i\/o timeout|x509:|: 40[137] |reading https?:/.test(stderr)) {
    return `Go could not fetch the modules of \`${what}\`: is the module proxy (\`go env GOPROXY\`) reachable? ${last}`;
  }
  return `\`go build ${what}\` failed: ${last}`;
}
