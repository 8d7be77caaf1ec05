/** Ollama from its Go module, for the processor at hand. */

import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { UserError } from "../../../config/errors.ts";
import { cached } from "../../../setup/cache.ts";
import { needProgram, type Report } from "../../../setup/programs.ts";
import { findGo, goFailure } from "../../go.ts";
import { prepareBase, refuseWithoutRoot } from "../base.ts";
import { buildArch, buildOnce } from "../build-once.ts";
import { recipe } from "../recipe.ts";

const MODULE = "github.com/ollama/ollama";
/** The `go` line of the module. */
const GO_FOR_OLLAMA = "1.24.0";
/** Linked statically: the host's C library may be newer than the image's. */
const LINK = { tags: "netgo,osusergo", flags: "-linkmode external -extldflags -static" };
const DOCKERFILE = new URL("./Dockerfile", import.meta.url);

/**
 * Processor features that Ollama's CPU code uses; together they answer four times as fast (23 → 94 tokens/s with
 * the stand-in model on two cores).
 */
const FEATURES = ["avx2", "fma", "f16c", "bmi2"];

/** Compiler flags for the processor that `/proc/cpuinfo` describes. */
export function compilerFlags(cpuinfo: string): string {
  const has = new Set(/^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.trim().split(/\s+/));
  return [
    "-O3",
    ...(FEATURES.every((feature) => has.has(feature)) ? FEATURES.map((name) => `-m${name}`) : []),
  ].join(" ");
}

/** Whether Go alone builds this version; from 0.10 on this is not known, and late versions fetch llama.cpp with CMake. */
export function goBuildsOllama(version: string): boolean {
  return /^0\.9\.\d+$/.test(version);
}

/**
 * @returns the reference of the image
 * @throws {UserError} for a version that Go alone does not build, and without Go or a C++ compiler
 */
export async function buildOllama(version: string, report: Report): Promise<string> {
  if (!goBuildsOllama(version)) {
    throw new UserError(
      `\`images.ollama.version\`: Ollama ${version} cannot be built here, only 0.9.x (0.9.6 is the default). Leave it unset, or name a registry that can be reached in \`images.registry\`.`,
    );
  }
  const arch = await buildArch();
  await refuseWithoutRoot(arch);
  const flags = compilerFlags(await readFile("/proc/cpuinfo", "utf8"));
  const program = await cached(`ollama/${version}-${arch}${flags.replaceAll(" ", "")}`, (dir) =>
    compile(version, flags, dir, report),
  );
  const base = await prepareBase(arch, report);
  const dockerfile = await readFile(DOCKERFILE, "utf8");
  const made = recipe("ollama", version, { base: base.hash, dockerfile, flags, LINK });
  const fill = async (context: string) => {
    await cp(DOCKERFILE, join(context, "Dockerfile"));
    await cp(join(program.dir, "ollama"), join(context, "ollama"));
  };
  await buildOnce({ recipe: made, title: "Ollama", fill, buildArgs: { BASE: base.ref } }, report);
  return made.ref;
}

async function compile(version: string, flags: string, dir: string, report: Report): Promise<void> {
  const go = await findGo(GO_FOR_OLLAMA);
  await needProgram(["g++", "--version"], ["g++"], "compile Ollama", report);
  report(`building Ollama ${version} from its Go module (3 to 5 minutes the first time)`);
  const built = await execa(
    go,
    [
      ...["install", "-trimpath", "-tags", LINK.tags],
      ...["-ldflags", `-s -w ${LINK.flags} -X ${MODULE}/version.Version=${version}`, `${MODULE}@v${version}`],
    ],
    {
      cwd: "/", // a go.mod elsewhere could make Go switch to another version
      env: {
        CGO_ENABLED: "1",
        CGO_CFLAGS: flags,
        CGO_CXXFLAGS: flags,
        GOBIN: dir,
        GOFLAGS: "",
        GOWORK: "off",
      },
      reject: false,
    },
  );
  if (built.failed) throw new UserError(goFailure(`${MODULE}@v${version}`, built.stderr), { cause: built });
}
