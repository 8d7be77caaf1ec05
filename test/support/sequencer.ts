/** The order of the test files: whatever takes minutes starts first, so that the quick ones fill the gaps. */

import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that bring a stack up, the slowest first. */
const SLOWEST = [
  "lifecycle",
  "objects",
  "deaths",
  "agent",
  "upgrade",
  "drift",
  "changes",
  "clones",
  "ui",
  "pin",
].map((name) => `test/e2e/${name}.test.ts`);

/** Files that start first have the lowest rank. */
export function rank(path: string): number {
  const slow = SLOWEST.findIndex((file) => path.endsWith(file));
  if (slow >= 0) return slow;
  return SLOWEST.length + (/\/test\/(e2e|engine)\//.test(path) ? 0 : 1);
}

export default class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a.moduleId) - rank(b.moduleId));
  }
}
