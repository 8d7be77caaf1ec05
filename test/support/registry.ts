/** A real registry on loopback, and small images in it. */

import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa, type ResultPromise } from "execa";
import type { Service } from "../../config/services.ts";
import { cached } from "../../setup/cache.ts";
import { freePort } from "./images.ts";

/** Debian's registry, unpacked into the cache folder: installing the package would start a service. */
async function registryProgram(): Promise<string> {
  const { dir } = await cached("test/docker-registry", async (target) => {
    await execa("apt-get", ["update", "--quiet"], { reject: false });
    await execa("apt-get", ["download", "docker-registry"], { cwd: target });
    const [archive] = await readdir(target);
    await execa("dpkg-deb", ["--extract", join(target, archive ?? ""), target]);
  });
  return join(dir, "usr", "bin", "docker-registry");
}

/** How a registry is started. */
export interface RegistryOptions {
  /** Lines of a password file (`user:bcrypt hash`): only these may use it. Default: everybody. */
  readonly passwords?: string;
}

export class Registry {
  /** `localhost:<port>` */
  readonly mirror: string;
  /** What the config's defaults are called there. */
  readonly official: Readonly<Record<Service, string>>;
  readonly #folder: string;
  readonly #process: ResultPromise;

  private constructor(mirror: string, folder: string, process: ResultPromise) {
    this.mirror = mirror;
    this.official = {
      postgres: `${mirror}/library/postgres:16.14-bookworm`,
      ollama: `${mirror}/ollama/ollama:0.17.1`,
      litellm: `${mirror}/berriai/litellm:main-v1.73.0-stable`,
    };
    this.#folder = folder;
    this.#process = process;
  }

  static async start({ passwords }: RegistryOptions = {}): Promise<Registry> {
    const folder = await mkdtemp(join(tmpdir(), "llm-stack-registry-"));
    const port = await freePort();
    const path = join(folder, "passwords");
    if (passwords !== undefined) await writeFile(path, passwords);
    const config = {
      version: 0.1,
      storage: { filesystem: { rootdirectory: join(folder, "data") } },
      http: { addr: `127.0.0.1:${port}` },
      ...(passwords !== undefined && { auth: { htpasswd: { realm: "test", path } } }),
    };
    await writeFile(join(folder, "config.yml"), JSON.stringify(config));
    const server = execa(await registryProgram(), ["serve", join(folder, "config.yml")], {
      reject: false,
      stdio: "ignore",
    });
    const registry = new Registry(`localhost:${port}`, folder, server);
    for (let tries = 0; !(await registry.#answers()); tries++) {
      if (tries > 100) throw new Error("the registry does not answer");
      await sleep(100);
    }
    return registry;
  }

  async #answers(): Promise<boolean> {
    const answer = await fetch(`http://${this.mirror}/v2/`).catch(() => undefined);
    return answer !== undefined && (answer.ok || answer.status === 401);
  }

  /**
   * Pushes an image of a few bytes, and takes it out of the engine again. Returns its digest.
   *
   * @param content another content makes another image
   * @param client further arguments of the Docker client
   */
  async push(ref: string, content = ref, client: readonly string[] = []): Promise<string> {
    const archive = join(this.#folder, "image.tar");
    await execa("tar", ["--create", "--file", archive, "--directory", this.#folder, "config.yml"]);
    const label = `LABEL content=${content}`;
    await execa("docker", ["import", "--change", label, "--change", 'CMD ["/none"]', archive, ref]);
    const pushed = await execa("docker", [...client, "push", ref]);
    await execa("docker", ["rmi", ref]);
    const digest = /digest: (sha256:[0-9a-f]{64})/.exec(pushed.stdout)?.[1];
    if (digest === undefined) throw new Error(`no digest in: ${pushed.stdout}`);
    return digest;
  }

  async stop(): Promise<void> {
    this.#process.kill();
    await this.#process;
  }

  /** Stops it, and removes its folder and what the engine pulled from it. */
  async remove(): Promise<void> {
    await this.stop();
    const { stdout } = await execa("docker", [
      "images",
      "--quiet",
      "--filter",
      `reference=${this.mirror}/*/*`,
    ]);
    const ids = [...new Set(stdout.split("\n").filter(Boolean))];
    const digests = ids.length === 0 ? [] : await this.#references(ids);
    if (digests.length > 0) await execa("docker", ["rmi", ...digests], { reject: false });
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Every name on this registry under which the engine holds these images: other names of them stay. */
  async #references(ids: readonly string[]): Promise<string[]> {
    const format = "{{range .RepoTags}}{{println .}}{{end}}{{range .RepoDigests}}{{println .}}{{end}}";
    const { stdout } = await execa("docker", ["image", "inspect", "--format", format, ...ids]);
    return stdout.split("\n").filter((reference) => reference.startsWith(`${this.mirror}/`));
  }
}
