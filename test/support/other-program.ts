/** Pulumi programs beside the stack's own, that use a part of this project: written by a test, or of `examples/`. */

import { copyFile, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ExecaError, execa } from "execa";
import { prepare } from "../../cli/prepare.ts";
import { pulumiEnvironment } from "../../cli/pulumi/environment.ts";
import type { Workspace } from "../../setup/prepare.ts";

/** The project's folder. */
export const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Commands that start the program, or the plug-ins that its `Pulumi.yaml` names by relative paths. */
const AT_PROGRAM = ["preview", "up", "destroy", "refresh"];

export class OtherProgram {
  /** Holds state and config; the program too, unless it is an example. */
  readonly dir: string;
  readonly workspace: Workspace;
  /** The example's folder. */
  readonly #example: string | undefined;

  private constructor(dir: string, workspace: Workspace, example?: string) {
    this.dir = dir;
    this.workspace = workspace;
    this.#example = example;
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

  /**
   * The program of `examples/<name>`, run where it stands, with a stack `dev` whose state and config are in a folder
   * beside.
   */
  static async example(name: "components" | "provider" | "policies"): Promise<OtherProgram> {
    const workspace = await prepare(project, "dev", { quiet: true });
    const dir = await mkdtemp(join(tmpdir(), `llm-stack-${name}-`));
    const example = join(project, "examples", name);
    // Where neither program nor plug-ins are needed, Pulumi runs here: not every command takes `--config-file`.
    await copyFile(join(example, "Pulumi.yaml"), join(dir, "Pulumi.yaml"));
    const program = new OtherProgram(dir, workspace, example);
    await program.pulumi(["stack", "init", "dev"]);
    return program;
  }

  /** Replaces the program's text. */
  write(text: string): Promise<void> {
    return writeFile(join(this.dir, "index.ts"), text);
  }

  /** Sets config values of the program; undefined ones keep the program's default. */
  async configure(values: Readonly<Record<string, string | undefined>>): Promise<void> {
    for (const [name, value] of Object.entries(values))
      if (value !== undefined) await this.pulumi(["config", "set", name, value]);
  }

  /** Runs plain `pulumi` there. */
  pulumi(args: readonly string[], env: Record<string, string> = {}) {
    const example = AT_PROGRAM.includes(args[0] ?? "") ? this.#example : undefined;
    const config = example === undefined ? [] : ["--config-file", join(this.dir, "Pulumi.dev.yaml")];
    return execa("pulumi", [...args, ...config, "--non-interactive"], {
      cwd: example ?? this.dir,
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
