import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { parse } from "yaml";

const file = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

it("the workflow for code hosts runs commands of the README, and of package.json", async () => {
  const workflow = parse(await file(".github/workflows/check.yml"));
  const readme = await file("README.md");
  const { scripts } = JSON.parse(await file("package.json"));
  const steps: { run?: string }[] = workflow.jobs.check.steps;
  const commands = steps.flatMap(({ run }) => run ?? []);
  expect(commands.length).toBeGreaterThan(1);
  for (const command of commands) {
    expect(readme).toContain(command);
    expect(Object.keys(scripts)).toContain(command.replace(/^npm (run )?/, "").split(" ")[0]);
  }
});
