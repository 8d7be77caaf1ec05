/**
 * Downloads over HTTP(S), through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name (either case).
 * Node's own fetch of version 20 ignores these, hence undici's; certificates come from Node, so
 * `NODE_EXTRA_CA_CERTS` adds a company's own authority.
 */

import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, type Dispatcher, EnvHttpProxyAgent, fetch } from "undici";
import { UserError } from "../config/errors.ts";

/**
 * Whether a server can be used from here. Any HTTP answer below 500 says yes, a registry's 401 among them;
 * 403 says no, because it is how a company's network filter refuses an address, and so do a refused
 * connection, an unknown name, a certificate that is not trusted and `timeoutMs` without an answer.
 */
export async function reachable(url: string, timeoutMs = 3000): Promise<boolean> {
  const dispatcher = dispatcherFor({});
  try {
    const answer = await fetch(url, { dispatcher, signal: AbortSignal.timeout(timeoutMs) });
    return answer.status < 500 && answer.status !== 403;
  } catch {
    return false;
  } finally {
    await dispatcher.destroy();
  }
}

export interface DownloadOptions {
  /** How often it is tried before giving up. Default 3. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; doubled each time. Default 1000. */
  readonly pauseMs?: number;
  /** Milliseconds without a byte after which an attempt has failed. Default 60000. */
  readonly stallMs?: number;
}

/**
 * Streams `url` into `file` (its folder is made). The file appears whole or not at all. A broken connection and
 * answers 408, 429 and 5xx are tried again; other answers, such as 404, are final.
 *
 * @throws UserError that names the address and what came back
 */
export async function download(url: string, file: string, options: DownloadOptions = {}): Promise<void> {
  const { attempts = 3, pauseMs = 1000, stallMs = 60_000 } = options;
  const half = `${file}.part`;
  const dispatcher = dispatcherFor({ headersTimeout: stallMs, bodyTimeout: stallMs });
  await mkdir(dirname(file), { recursive: true });
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await fetch(url, { dispatcher });
        if (!answer.ok || !answer.body) throw new HttpError(answer.status);
        await pipeline(Readable.fromWeb(answer.body), createWriteStream(half));
        await rename(half, file);
        return;
      } catch (error) {
        if (attempt < attempts && worthRetrying(error)) await sleep(pauseMs * 2 ** (attempt - 1));
        else throw new UserError(`\`${url}\` could not be downloaded: ${reason(error)}`, { cause: error });
      }
    }
  } finally {
    await rm(half, { force: true });
    await dispatcher.destroy();
  }
}

/** A plain agent where no proxy is set: the proxy's one prints a warning that it is experimental. */
function dispatcherFor(timeouts: Agent.Options, env: NodeJS.ProcessEnv = process.env): Dispatcher {
  const proxied = Object.entries(env).some(([name, value]) => value && /^https?_proxy$/i.test(name));
  return proxied ? new EnvHttpProxyAgent(timeouts) : new Agent(timeouts);
}

class HttpError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the server answered ${status}`);
    this.status = status;
  }
}

function worthRetrying(error: unknown): boolean {
  if (error instanceof HttpError) return [408, 429].includes(error.status) || error.status >= 500;
  return (error as NodeJS.ErrnoException).code !== "ENOSPC";
}

/** undici hides what went wrong ("fetch failed") in `cause`. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
