/** The bundled programs, as they run in the image: Node alone, no `node_modules`. */

import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { bundleQueryEngine } from "../../src/bundle.ts";
import { freePort } from "./postgres.ts";
import { wheel } from "./wheel.ts";

export interface Programs {
  readonly dir: string;
  remove(): Promise<void>;
}

export async function bundled(): Promise<Programs> {
  const dir = await mkdtemp(join(tmpdir(), "prisma-wasm-engine-"));
  await chmod(dir, 0o755);
  await bundleQueryEngine(dir);
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}

/** LiteLLM 1.73.0 and the migrations it pins, as PyPI has them. */
export async function litellm(): Promise<{ schema: string; extras: string }> {
  const proxy = await wheel("litellm==1.73.0");
  return { schema: join(proxy, "litellm/proxy/schema.prisma"), extras: await proxyExtras("0.2.5") };
}

/** The migrations of a LiteLLM: 1.73.0 pins 0.2.5, 1.106.2 pins 0.4.108. */
export async function proxyExtras(version: string): Promise<string> {
  return join(await wheel(`litellm-proxy-extras==${version}`), "litellm_proxy_extras");
}

/** Runs `migrate.cjs`; never throws. `all` holds what it printed. */
export async function migrate(programs: Programs, url: string, ...args: string[]) {
  const started = performance.now();
  const done = await execa("node", [join(programs.dir, "migrate.cjs"), ...args], {
    env: { DATABASE_URL: url },
    reject: false,
    all: true,
  });
  return { exitCode: done.exitCode, all: done.all, seconds: (performance.now() - started) / 1000 };
}

// biome-ignore lint/suspicious/noExplicitAny: answers of any query
export type Answer = any;

export class EngineProcess {
  readonly #process: ChildProcess;
  readonly #url: string;
  #output = "";

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.#url = url;
    process.stdout?.on("data", (chunk: Buffer) => (this.#output += chunk.toString()));
    process.stderr?.on("data", (chunk: Buffer) => (this.#output += chunk.toString()));
  }

  /** Starts it as prisma-client-py does, and waits until it answers. */
  static async start(programs: Programs, env: NodeJS.ProcessEnv): Promise<EngineProcess> {
    const port = await freePort();
    const child = spawn(
      join(programs.dir, "query-engine.cjs"),
      ["-p", String(port), "--enable-metrics", "--enable-raw-queries"],
      { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] },
    );
    const engine = new EngineProcess(child, `http://127.0.0.1:${port}`);
    for (let attempt = 0; attempt < 300; attempt++) {
      if (child.exitCode !== null) break;
      try {
        await engine.get("/status");
        return engine;
      } catch {
        await sleep(20);
      }
    }
    child.kill("SIGKILL");
    throw new Error(`the engine did not start: ${engine.output}`);
  }

  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  async get(path: string): Promise<Answer> {
    const response = await fetch(this.#url + path);
    return response.json();
  }

  async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(this.#url + path, { method: "POST", headers, body: JSON.stringify(body) });
    return response.json();
  }

  /** One GraphQL document; `tx` is an open transaction's id. */
  query(query: string, tx?: string): Promise<Answer> {
    return this.post("/", { variables: {}, query }, tx ? { "X-transaction-id": tx } : {});
  }

  raw(sql: string, ...parameters: unknown[]): Promise<Answer> {
    const [query, values] = [JSON.stringify(sql), JSON.stringify(JSON.stringify(parameters))];
    return this.query(`mutation { result: queryRaw(query: ${query} parameters: ${values}) }`);
  }

  /** As prisma-client-py ends it. */
  async stop(): Promise<number | null> {
    if (this.#process.exitCode === null) {
      const ended = new Promise((resolve) => this.#process.once("exit", resolve));
      this.#process.kill("SIGINT");
      await ended;
    }
    return this.#process.exitCode;
  }
}
