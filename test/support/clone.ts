/** A clone of the project for one test: a folder, state, names and ports of its own. */

import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa, type Options } from "execa";
import { stringify } from "yaml";

const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What a command of a clone left. */
export interface CommandResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** What it printed to both. */
  readonly all: string;
}

/** Settings of the caller's shell that a clone must not see, such as those of `npm run env`. */
function cleared(): Record<string, undefined> {
  const names = Object.keys(process.env).filter((name) => /^(PULUMI|LLM_STACK)_/.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** A clone of the project. */
export class Clone {
  readonly dir: string;
  /** What `npm run -s env` puts into a shell; undefined until a plain `pulumi` needs it. */
  #environment: Record<string, string> | undefined;

  private constructor(dir: string) {
    this.dir = dir;
  }

  /** Copies the project's files (those git knows or would add); npm packages are shared by a link. */
  static async make(config: Record<string, unknown>): Promise<Clone> {
    const dir = await mkdtemp(join(tmpdir(), "llm-stack-e2e-"));
    const { stdout } = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
      cwd: project,
    });
    for (const file of stdout.split("\n")) {
      await mkdir(join(dir, dirname(file)), { recursive: true });
      await cp(join(project, file), join(dir, file));
    }
    await symlink(join(project, "node_modules"), join(dir, "node_modules"));
    // What is bundled from the same sources need not be bundled again.
    for (const folder of ["cli", "policies", "provider"])
      await cp(join(project, folder, "dist"), join(dir, folder, "dist"), { recursive: true });
    const clone = new Clone(dir);
    await clone.configure(config);
    for (const args of [
      ["init", "-q"],
      ["add", "-A"],
      ["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "clone"],
    ]) {
      await execa("git", args, { cwd: dir });
    }
    return clone;
  }

  /** Writes the stack's tracked config. */
  async configure(config: Record<string, unknown>): Promise<void> {
    const values = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [`llm-stack:${key}`, value]),
    );
    await writeFile(join(this.dir, "Pulumi.dev.yaml"), stringify({ config: values }));
    this.#environment = undefined; // Another config may take other images.
  }

  /** Writes the stack's policy config; undefined takes it away. */
  async configurePolicies(config: Record<string, unknown> | undefined): Promise<void> {
    const file = join(this.dir, "Pulumi.dev.policies.json");
    if (config === undefined) await rm(file, { force: true });
    else await writeFile(file, JSON.stringify(config));
  }

  /** Runs what `npm run <script> -- <args>` runs, without npm's half a second. Does not throw when it fails. */
  async run(script: string, ...args: string[]): Promise<CommandResult> {
    const { scripts } = JSON.parse(await readFile(join(this.dir, "package.json"), "utf8"));
    const [program, ...words] = (scripts as Record<string, string>)[script]?.split(" ") ?? [];
    if (program === undefined) throw new Error(`package.json has no script \`${script}\``);
    return this.exec(program, [...words, ...args]);
  }

  /** Runs `npm run <script>` and fails with all that it printed unless it succeeds. */
  async ok(script: string, ...args: string[]): Promise<CommandResult> {
    const result = await this.run(script, ...args);
    if (result.exitCode !== 0)
      throw new Error(`npm run ${script} ended with ${result.exitCode}:\n${result.all}`);
    return result;
  }

  /** Runs plain `pulumi`, as in a shell that evaluated `npm run -s env`. Fails unless it succeeds. */
  async pulumi(...args: string[]): Promise<CommandResult> {
    this.#environment ??= await this.#evaluated();
    const result = await this.exec("pulumi", [...args, "--non-interactive"], { env: this.#environment });
    if (result.exitCode !== 0)
      throw new Error(`pulumi ${args.join(" ")} ended with ${result.exitCode}:\n${result.all}`);
    return result;
  }

  /** What a shell's environment is after it evaluated the line of `env`. */
  async #evaluated(): Promise<Record<string, string>> {
    const { exitCode, stdout, all } = await this.exec("bash", [
      "-c",
      'line=$(npm run -s env) && eval "$line" && env --null',
    ]);
    if (exitCode !== 0) throw new Error(`npm run env ended with ${exitCode}:\n${all}`);
    return Object.fromEntries(
      stdout.split("\0").flatMap((entry) => {
        const [name = "", ...value] = entry.split("=");
        return /^(PATH|DOCKER_HOST|(PULUMI|LLM_STACK)_\w+)$/.test(name) ? [[name, value.join("=")]] : [];
      }),
    );
  }

  /** Runs any program in the clone's folder. Does not throw when it fails. */
  async exec(
    program: string,
    args: string[],
    { env = {}, input }: { env?: Record<string, string>; input?: string } = {},
  ): Promise<CommandResult> {
    const options = {
      cwd: this.dir,
      all: true,
      reject: false,
      ...(input === undefined ? { stdin: "ignore" } : { input }),
      env: { ...cleared(), ...env },
    } satisfies Options;
    const { exitCode, stdout, all } = await execa(program, args, options);
    return { exitCode, stdout: String(stdout), all: String(all) };
  }

  /** The stack's outputs, secrets included. */
  async outputs(): Promise<Record<string, string>> {
    return JSON.parse((await this.pulumi("stack", "output", "--json", "--show-secrets")).stdout);
  }

  /** Removes the stack with all its data, and the folder. */
  async remove(): Promise<void> {
    await this.run("destroy", "--yes");
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** Runs a command of the Docker client; returns what it prints. */
export async function docker(...args: string[]): Promise<string> {
  return (await execa("docker", args, { stdin: "ignore" })).stdout;
}

/** Container ids by name, of all containers whose name starts with `prefix`. */
export async function containerIds(prefix: string): Promise<Record<string, string>> {
  const lines = await docker(
    "ps",
    "--all",
    "--no-trunc",
    "--filter",
    `name=^${prefix}`,
    "--format",
    "{{.Names}}\t{{.ID}}",
  );
  return Object.fromEntries(
    lines
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split("\t")),
  );
}
