import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { isAlive, processSpace, startOf } from "../../../setup/processes.mjs";

describe("processes", () => {
  it("that live are told from those that ended", async () => {
    expect(isAlive(process.pid)).toBe(true);
    const ended = execa("true");
    await ended;
    expect(isAlive(ended.pid ?? 0)).toBe(false);
  });

  it.runIf(process.platform === "linux")("have a start, and a space that containers do not share", () => {
    expect(startOf(process.pid)).toMatch(/^\d+$/);
    expect(startOf(process.pid)).toBe(startOf(process.pid));
    expect(startOf(2 ** 30)).toBeUndefined();
    expect(processSpace()).toMatch(/^\S+ pid:\[\d+\]$/);
  });
});
