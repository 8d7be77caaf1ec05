/** What the tests of the agent's fetching share. */

import { expect } from "vitest";
import { createHttp, type HttpOptions, type HttpReason } from "../../agent/http/index.ts";

/** Resolves every name to this machine. */
export const toLoopback = async () => ["127.0.0.1"];

/** May reach the names `*.test` of these ports, which lead to loopback. */
export const httpFor = (ports: readonly number[], options: HttpOptions = {}) =>
  createHttp({
    resolve: toLoopback,
    allowPrivate: ports.flatMap((port) => [`page.test:${port}`, `secure.test:${port}`]),
    ...options,
  });

/** Matches an HttpError. */
export const failsWith = (reason: HttpReason, message?: string | RegExp) =>
  expect.objectContaining({
    name: "HttpError",
    reason,
    ...(message && { message: expect.stringMatching(message) }),
  });
