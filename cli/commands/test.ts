import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Workspace } from "../../setup/prepare.ts";

/** What vitest's JSON reporter tells. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Test files that could not even be loaded are in here only. */
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

/**
 * Runs the type check, the linter and the tests, then prints `N passed, N failed`. Returns whether all passed.
 *
 * @param filter only test files whose path holds one of these; then without type check, lint and coverage
 */
export async function test(workspace: Workspace, filter: readonly string[]): Promise<boolean> {
  const run = (program: string, ...args: string[]) =>
    execa(program, args, { cwd: workspace.root, preferLocal: true, stdio: "inherit", reject: false });

  let passed = 0;
  let failed = 0;
  if (filter.length === 0) {
    for (const [name, program, ...args] of [
      ["type check", "tsc", "--noEmit"],
      ["lint", "biome", "check", "."],
    ] as const) {
      console.log(`\n${name}`);
      if ((await run(program, ...args)).failed) failed++;
      else passed++;
    }
  }

  const folder = await mkdtemp(join(tmpdir(), "llm-stack-test-"));
  const file = join(folder, "report.json");
  await run(
    "vitest",
    "run",
    ...filter,
    ...(filter.length === 0 ? ["--coverage"] : []),
    "--reporter=verbose",
    "--reporter=json",
    `--outputFile.json=${file}`,
  );
  const report: VitestReport = JSON.parse(await readFile(file, "utf8"));
  await rm(folder, { recursive: true });
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  failed += report.testResults.filter(
    (result) => result.status === "failed" && result.assertionResults.length === 0,
  ).length;

  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}
