/** A server on loopback that speaks as LiteLLM does. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, unknown> | undefined;
}

export interface ProxyStub {
  /** With `/v1`. */
  readonly baseUrl: string;
  readonly received: Received[];
  close(): Promise<void>;
}

export type Answers = (request: Received, response: ServerResponse) => void;

export async function proxyStub(answer: Answers): Promise<ProxyStub> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const chunk of request) parts.push(chunk as Buffer);
    const text = Buffer.concat(parts).toString();
    const seen: Received = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: !request.headers["content-type"]?.startsWith("application/json")
        ? undefined
        : (JSON.parse(text) as Record<string, unknown>),
    };
    received.push(seen);
    answer(seen, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** LiteLLM's error body. */
export const refusal = (type: string, message: string, code: string | number) => ({
  error: { message, type, param: "None", code: `${code}` },
});

/** A streamed answer as OpenAI's API has it, with usage at the end. */
export function stream(
  response: ServerResponse,
  pieces: readonly object[],
  usage = { prompt_tokens: 7, completion_tokens: 3 },
) {
  const chunk = (choices: unknown[], further = {}) =>
    `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "m", choices, ...further })}\n\n`;
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const [index, delta] of pieces.entries())
    response.write(
      chunk([
        { index: 0, delta: index === 0 ? { role: "assistant", ...delta } : delta, finish_reason: null },
      ]),
    );
  response.write(chunk([{ index: 0, delta: {}, finish_reason: "stop" }]));
  response.write(
    chunk([], { usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens } }),
  );
  response.end("data: [DONE]\n\n");
}
