/** Short forms of `docker` for these tests. */

import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { execa } from "execa";
import { stackConfigSchema } from "../../config/schema/stack.ts";
import { fromSource } from "../../from-source/index.ts";
import { prepareImages } from "../../setup/images/index.ts";

export const imagesConfig = (value: object) => stackConfigSchema.parse({ images: value }).images;

/** For `prepareImages`: what makes images. */
export const building = { fromSource: () => Promise.resolve(fromSource) };

/** The three built images; made when the engine does not hold them. */
export const builtImages = () => prepareImages(imagesConfig({ source: "build" }), () => {}, building);

/** How the stack hardens its containers. */
export const HARDENED = ["--cap-drop", "ALL", "--security-opt", "no-new-privileges"];

/** Runs a shell script in a new container of `ref`, and returns what it prints. */
export async function inContainer(
  ref: string,
  script: string,
  args: readonly string[] = HARDENED,
): Promise<string> {
  const { stdout } = await execa("docker", [
    "run",
    "--rm",
    ...args,
    "--entrypoint",
    "bash",
    ref,
    "-euc",
    script,
  ]);
  return stdout;
}

interface ImageConfig {
  readonly Labels: Record<string, string>;
  readonly Env: string[];
  readonly User: string;
  readonly Volumes: Record<string, object> | null;
  readonly Entrypoint: string[] | null;
  readonly Cmd: string[];
}

export async function configOf(ref: string): Promise<ImageConfig> {
  const { stdout } = await execa("docker", ["image", "inspect", "--format", "{{json .Config}}", ref]);
  return JSON.parse(stdout);
}

export const uniqueName = (what: string) => `llm-stack-test-${what}-${randomBytes(4).toString("hex")}`;

/** A port on loopback that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
