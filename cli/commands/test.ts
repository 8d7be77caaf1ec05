import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
import { table } from "../output/table.ts";
import { print } from "../output/terminal.ts";

/** What vitest's JSON reporter tells. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Test files that could not even be loaded are in here only. */
  readonly testResults: readonly FileReport[];
}

interface FileReport {
  /** The file's path. */
  readonly name: string;
  readonly status: string;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  readonly endTime: number;
  readonly assertionResults: readonly { readonly status: string }[];
}

/** What of the tests runs. */
export interface TestOptions {
  /** Only test files that import a file which is changed since the last commit. */
  readonly changed?: boolean;
}

/** How many of the slowest files are listed. */
const SLOWEST = 20;

/** Checks of the sources, each a command. */
const CHECKS = [
  ["type check", "tsc", "--noEmit"],
  ["lint", "biome", "check", "--error-on-warnings", "."],
] as const;

/**
 * Runs the tests, and beside them the type check and the linter, then prints `N passed, N failed`. Returns whether all
 * passed. A check counts as one.
 *
 * @param root the project's folder
 * @param filter only test files whose path holds one of these; then without checks and coverage
 */
export async function test(
  root: string,
  filter: readonly string[],
  { changed = false }: TestOptions = {},
): Promise<boolean> {
  const whole = filter.length === 0 && !changed;
  const checks = filter.length > 0 ? [] : CHECKS;
  const [{ report, unexplained }, results] = await Promise.all([
    runVitest(root, [
      ...filter,
      ...(changed ? ["--changed", "--passWithNoTests"] : []),
      ...(whole ? ["--coverage"] : []),
    ]),
    Promise.all(
      checks.map(async ([name, program, ...args]) => {
        const options = { cwd: root, preferLocal: true, all: true, reject: false } as const;
        return { ...(await execa(program, args, options)), name };
      }),
    ),
  ]);
  for (const { name, failed, all } of results) print(`\n${name}: ${failed ? `failed\n${all}` : "passed"}`);

  if (report.testResults.length > SLOWEST) print(`\n${slowestFiles(root, report.testResults)}`);

  // Could not be loaded, or failed before its first test: its tests are skipped, and must not look passed.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
  const passed = report.numPassedTests + results.filter(({ failed }) => !failed).length;
  const failed =
    report.numFailedTests +
    broken.length +
    results.filter(({ failed }) => failed).length +
    (unexplained ? 1 : 0);
  if (unexplained)
    print("\nvitest failed although no test did: see above (coverage, or an error outside of the tests)");
  print(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}

/** Runs vitest; `unexplained` is a failure of none of the tests. */
async function runVitest(
  root: string,
  args: readonly string[],
): Promise<{ report: VitestReport; unexplained: boolean }> {
  const folder = await mkdtemp(join(tmpdir(), "llm-stack-test-"));
  const file = join(folder, "report.json");
  const reporters = ["--reporter=verbose", "--reporter=json", `--outputFile.json=${file}`];
  try {
    const { failed } = await execa("vitest", ["run", ...args, ...reporters], {
      cwd: root,
      preferLocal: true,
      stdio: "inherit",
      reject: false,
    });
    const report: VitestReport = JSON.parse(await readFile(file, "utf8"));
    const explained = report.testResults.some(({ status }) => status === "failed");
    return { report, unexplained: failed && !explained };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What a person who waits for the tests can do something about. */
function slowestFiles(root: string, files: readonly FileReport[]): string {
  const rows = files
    .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }))
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, SLOWEST)
    .map(({ name, seconds }) => [relative(root, name), seconds.toFixed(1)]);
  return table([["SLOWEST FILES", "SECONDS"], ...rows], 1);
}
