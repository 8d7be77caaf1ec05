/** Asks registries for digests, through the Docker engine: by its network, its proxy, its trust, its insecure registries. */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { homedir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { execa } from "execa";
import { UserError } from "../../config/errors.ts";
import { splitReference } from "../../config/image-reference.ts";

/** A digest, or why there is none. */
export type Lookup = { readonly digest: string } | { readonly refusal: string };

/** How long a registry may take to answer. */
const ANSWER_MS = 60_000;

/**
 * The digest that `ref` (name and tag) has in its registry now. Of an image for several architectures it is that of
 * their index: the same on every machine, and what `RepoDigests` shows after a pull.
 *
 * @throws {UserError} when the engine itself does not answer
 */
export async function lookUp(ref: string): Promise<Lookup> {
  const { registry } = splitReference(ref);
  const { status, body } = await askEngine(`/distribution/${ref}/json`, await registryAuth(registry));
  const answer = parsed<{ message?: string; Descriptor?: { digest?: string } }>(
    body,
    "`docker`: what answers as the Docker engine does not send JSON; `docker info` shows what it is",
  );
  const digest = answer.Descriptor?.digest;
  if (status === 200 && digest !== undefined) return { digest };
  const told = answer.message ?? `the engine answered ${status}`;
  // The engine answers 401, 403 and 404 for what the registry said, and 500 for most on the way to it.
  return {
    refusal:
      status < 500 || /no basic auth|unauthorized|denied/i.test(told)
        ? `\`${registry}\` does not give \`${ref}\` (if it is private: \`docker login\`): ${told}`
        : `\`${registry}\` cannot be asked for \`${ref}\`: ${told}`,
  };
}

/** A GET of the engine's API, through the Docker client: it knows how to reach the engine (socket, TLS, SSH, contexts). */
async function askEngine(path: string, auth: string | undefined): Promise<{ status: number; body: string }> {
  const client = spawn("docker", ["system", "dial-stdio"], { stdio: ["pipe", "pipe", "pipe"] });
  let complaint = "";
  client.stderr.on("data", (text) => {
    complaint += text;
  });
  try {
    return await new Promise((resolve, reject) => {
      client.once("error", reject);
      const get = request({
        path,
        headers: { Host: "docker", Connection: "close", ...(auth && { "X-Registry-Auth": auth }) },
        createConnection: () => connectionThrough(client),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      get.once("error", reject);
      get.once("response", (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (text) => {
          body += text;
        });
        response.once("error", reject);
        response.once("end", () => resolve({ status: response.statusCode ?? 0, body }));
      });
      get.end();
    });
  } catch (error) {
    throw new UserError(
      `\`docker\`: the engine does not answer \`GET ${path}\`: ${complaint.trim() || (error as Error).message}`,
      { cause: error },
    );
  } finally {
    client.kill();
  }
}

/** The client's standard input and output as a connection; its input stays open until the answer is there. */
function connectionThrough({ stdin, stdout }: ChildProcessWithoutNullStreams): Duplex {
  const connection = new Duplex({
    read: () => void stdout.resume(),
    write: (chunk, encoding, done) => void stdin.write(chunk, encoding, done),
  });
  stdout.on("data", (chunk) => connection.push(chunk) || stdout.pause());
  stdout.once("end", () => connection.push(null));
  stdin.once("error", (error) => connection.destroy(error));
  return connection;
}

/** The parts of the Docker client's `config.json` that hold logins. */
export interface ClientConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string }>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

/** The name under which `docker login` files a registry. */
const filedAs = (registry: string) => (registry === "docker.io" ? "https://index.docker.io/v1/" : registry);

/** The header for a registry that somebody logged in to by `docker login`; the engine itself knows no logins. */
async function registryAuth(registry: string): Promise<string | undefined> {
  const path = join(process.env.DOCKER_CONFIG ?? join(homedir(), ".docker"), "config.json");
  if (!existsSync(path)) return undefined;
  const config = parsed<ClientConfig>(
    await readFile(path, "utf8"),
    `\`${path}\`: is not JSON; correct it, or remove it and \`docker login\` again`,
  );
  const helper = config.credHelpers?.[registry] ?? config.credsStore;
  if (helper === undefined) return authHeader(registry, plainLogin(config, registry));
  const got = await execa(`docker-credential-${helper}`, ["get"], {
    input: filedAs(registry),
    reject: false,
  });
  if (got.failed) return undefined; // It holds no login for this registry: asked without one, as the client does.
  const { Username, Secret } = parsed<{ Username: string; Secret: string }>(
    got.stdout,
    `\`docker-credential-${helper}\`: its answer is not JSON; correct \`credsStore\` or \`credHelpers\` in \`${path}\``,
  );
  return authHeader(
    registry,
    Username === "<token>" ? { identitytoken: Secret } : { username: Username, password: Secret },
  );
}

/** @throws {UserError} with `problem`; never with the text, which may be secret */
function parsed<T>(text: string, problem: string): T {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`${problem}.`);
  }
}

type Login = { readonly username: string; readonly password: string } | { readonly identitytoken: string };

/** A login that stands in the client's config itself. */
export function plainLogin(config: ClientConfig, registry: string): Login | undefined {
  const { auth, identitytoken } = config.auths?.[filedAs(registry)] ?? {};
  if (identitytoken) return { identitytoken };
  if (!auth) return undefined;
  const [username = "", ...password] = Buffer.from(auth, "base64").toString("utf8").split(":");
  return { username, password: password.join(":") };
}

function authHeader(registry: string, login: Login | undefined): string | undefined {
  if (login === undefined) return undefined;
  const text = Buffer.from(JSON.stringify({ ...login, serveraddress: filedAs(registry) })).toString("base64");
  return text.replaceAll("+", "-").replaceAll("/", "_"); // The engine wants the padding that `base64url` leaves out.
}
