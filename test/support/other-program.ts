/** Somebody else's Pulumi program, in a folder of its own, that uses a service of this project. */

import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ExecaError, execa } from "execa";
import { prepare } from "../../cli/prepare.ts";
import { pulumiEnvironment } from "../../cli/pulumi/pulumi.ts";
import type { Workspace } from "../../setup/prepare.ts";

/** The project's folder. */
export const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export class OtherProgram {
  readonly dir: string;
  readonly workspace: Workspace;

  private constructor(dir: string, workspace: Workspace) {
    this.dir = dir;
    this.workspace = workspace;
  }

  /** Makes the folder, with the project's provider at hand, and a stack `dev` in it. */
  static async make(): Promise<OtherProgram> {
    const workspace = await prepare(project, "dev", { quiet: true });
    const dir = await mkdtemp(join(tmpdir(), "llm-stack-other-"));
    await symlink(join(project, "node_modules"), join(dir, "node_modules"));
    await writeFile(join(dir, "package.json"), JSON.stringify({ type: "module", main: "index.ts" }));
    await writeFile(
      join(dir, "Pulumi.yaml"),
      `name: other
main: index.ts
runtime: { name: nodejs, options: { typescript: false, nodeargs: "--import ${project}/setup/typescript.mjs" } }
plugins: { providers: [{ name: litellm, path: ${project}/provider, version: 0.1.0 }] }
`,
    );
    const program = new OtherProgram(dir, workspace);
    await program.write("");
    await program.pulumi(["stack", "init", "dev"]);
    return program;
  }

  /** Replaces the program's text. */
  write(text: string): Promise<void> {
    return writeFile(join(this.dir, "index.ts"), text);
  }

  /** Runs plain `pulumi` there. */
  pulumi(args: readonly string[], env: Record<string, string> = {}) {
    return execa("pulumi", [...args, "--non-interactive"], {
      cwd: this.dir,
      stdin: "ignore",
      all: true,
      env: {
        ...pulumiEnvironment(this.workspace, {}),
        PATH: `${this.workspace.pulumi.bin}:${process.env.PATH}`,
        PULUMI_BACKEND_URL: `file://${this.dir}`,
        PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
        PULUMI_CONFIG_PASSPHRASE: "theirs",
        ...env,
      },
    });
  }

  /** Previews with the policy pack; returns the engine's events, one JSON a line. A refusal is no failure. */
  async checkedPreview(flags: readonly string[] = []): Promise<string> {
    const done = await this.pulumi(
      ["preview", "--json", "--policy-pack", join(project, "policies"), ...flags],
      { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" },
    ).catch((error: ExecaError) => error);
    const stdout = String(done.stdout);
    if (!stdout.includes('"policyAnalyzeStackSummaryEvent"'))
      throw new Error(`the pack did not run:\n${done.stderr}\n${stdout}`);
    return stdout;
  }

  async remove(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }
}
