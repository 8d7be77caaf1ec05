import { describe, expect, test } from "vitest";
import { run, toolFrom } from "../../../support/tools.ts";

describe("the current time", () => {
  const now = () => new Date("2026-03-29T00:59:59Z");

  test.each([
    ["UTC", "Sunday, 29 March 2026, 00:59:59 (UTC)"],
    ["Europe/Berlin", "Sunday, 29 March 2026, 01:59:59 (Europe/Berlin, UTC+01:00)"],
    ["America/New_York", "Saturday, 28 March 2026, 20:59:59 (America/New_York, UTC-04:00)"],
    ["Asia/Kathmandu", /^Sunday, 29 March 2026, 06:44:59 \(Asia\/Kat[h]?mandu, UTC\+05:45\)$/],
  ])("in %s", async (timeZone, text) => {
    const tool = await toolFrom("current_time", { now });
    const answer = await run(tool, { timeZone });
    if (typeof text === "string") expect(answer).toEqual({ text, ok: true });
    else expect(answer.text).toMatch(text);
  });

  test("is the machine's without a zone, and an unknown zone is told", async () => {
    const tool = await toolFrom("current_time", { now });
    expect((await run(tool, {})).text).toContain(Intl.DateTimeFormat().resolvedOptions().timeZone);
    expect(await run(tool, { timeZone: "Mars/Phobos" })).toEqual({
      text: "`Mars/Phobos` is not a time zone; use an IANA name such as `Europe/Berlin`.",
      ok: false,
    });
  });

  test("is the clock's without `now`", async () => {
    expect((await run(await toolFrom("current_time"), { timeZone: "UTC" })).text).toContain(
      String(new Date().getUTCFullYear()),
    );
  });
});
