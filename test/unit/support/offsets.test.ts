import { expect, it } from "vitest";
import { OFFSETS } from "../../support/offsets.ts";

/** Of the proxy, the database and up to four model servers; 8000 is the agent's scripted model. */
const PORTS = [4444, 5431, 11431, 11432, 11433, 11434, 8000];

it("no two stacks of the tests use one port", () => {
  const used = new Map<number, string>();
  const taken: string[] = [];
  for (const [stack, offset] of Object.entries(OFFSETS))
    for (const port of PORTS.map((each) => each + offset)) {
      const other = used.get(port);
      if (other !== undefined) taken.push(`${port}: ${other} and ${stack}`);
      used.set(port, stack);
    }
  expect(taken).toEqual([]);
});
