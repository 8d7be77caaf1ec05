/** The HTTP protocol of Prisma's query-engine program, as prisma-client-py speaks it. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { QueryBody } from "./engine.ts";
import type { Engine } from "./restarting-engine.ts";

/** 64 MiB: LiteLLM's largest batches of spend rows, prompts included, stay well below. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

export interface ServerOptions {
  readonly engine: Pick<Engine, "query" | "startTransaction" | "endTransaction">;
  /** Takes lines for people. */
  readonly log: (line: string) => void;
  /** Longer request bodies are answered with 413. Default `MAX_BODY_BYTES`. */
  readonly maxBodyBytes?: number;
}

class HttpError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The server; not listening yet. */
export function engineServer({ engine, log, maxBodyBytes = MAX_BODY_BYTES }: ServerOptions): Server {
  const server = createServer(async (request, response) => {
    try {
      const body = await bodyOf(request, maxBodyBytes);
      const answer = await route(engine, request, body);
      send(response, 200, answer);
    } catch (error) {
      const status = error instanceof HttpError ? error.status : 500;
      const message = error instanceof Error ? error.message : String(error);
      log(`${request.method} ${request.url?.split("?")[0]}: ${message}`);
      if (status === 413) response.setHeader("connection", "close");
      send(response, status, { error: message });
    }
  });
  // The client keeps its connections open for as long as it likes.
  server.keepAliveTimeout = 0;
  return server;
}

async function route(
  engine: ServerOptions["engine"],
  request: IncomingMessage,
  body: string,
): Promise<unknown> {
  const [pathname = "", search] = (request.url ?? "/").split("?");
  const call = `${request.method} ${pathname}`;
  if (call === "GET /status") return { status: "ok" };
  if (call === "GET /metrics")
    return new URLSearchParams(search).get("format") === "prometheus"
      ? ""
      : { counters: [], gauges: [], histograms: [] };
  if (call === "POST /") {
    const transaction = request.headers["x-transaction-id"];
    return engine.query(queryBody(body), typeof transaction === "string" ? transaction : undefined);
  }
  if (call === "POST /transaction/start") return engine.startTransaction(object(body || "{}"));
  const [, id, end] = /^POST \/transaction\/([^/]+)\/(commit|rollback)$/.exec(call) ?? [];
  if (id && (end === "commit" || end === "rollback")) return engine.endTransaction(id, end);
  throw new HttpError(404, `\`${call}\` is not a part of the protocol`);
}

function object(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw new HttpError(400, `the body is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new HttpError(400, "the body must be a JSON object");
  return value as Record<string, unknown>;
}

function queryBody(body: string): QueryBody {
  const value = object(body);
  const isQuery = (entry: unknown) => typeof (entry as { query?: unknown } | null)?.query === "string";
  if (Array.isArray(value.batch) ? value.batch.every(isQuery) : isQuery(value))
    return value as unknown as QueryBody;
  throw new HttpError(400, "the body must hold `query`, or `batch` with a `query` each");
}

async function bodyOf(request: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw new HttpError(413, `the body is longer than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, status: number, answer: unknown): void {
  const text = typeof answer === "string" ? answer : JSON.stringify(answer);
  response
    .writeHead(status, {
      "content-type": typeof answer === "string" ? "text/plain" : "application/json",
      "content-length": Buffer.byteLength(text),
    })
    .end(text);
}
