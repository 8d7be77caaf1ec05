/** Finds Go and builds with it: needed only where official programs cannot be downloaded. */

import { execa } from "execa";
import { compareVersions } from "../config/compare-versions.ts";
import { UserError } from "../config/errors.ts";
import { type GoEdit, withEdits } from "./go-edit.ts";

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
    "How to fix it: install it from https://go.dev/dl or a package (Debian: `golang-go`, from backports where the release's own is older);",
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
  if (build.edits === undefined) await run([...args, ...build.packages]);
  else
    await withEdits(build.module, build.edits, run, (modfile) =>
      run([...args, `-modfile=${modfile}`, ...build.packages]),
    );
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
