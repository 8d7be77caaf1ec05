import { expect, it } from "vitest";
import { LiteLlmError, Unreachable } from "../../../../litellm/errors.ts";
import { tokenOf } from "../../../../litellm/keys.ts";
import { keyType } from "../../../../provider/resource-types/key.ts";
import { apiOf, READY, serveApi } from "../../../support/litellm-api.ts";

it("a key is gone after a 404 alone", async () => {
  let status = 404;
  const { endpoint } = await serveApi(() => [status, { error: { message: "Key not found" } }]);
  expect(await keyType.read(apiOf(endpoint), "id", {})).toBeUndefined();
  for (status of [401, 500, 503])
    await expect(keyType.read(apiOf(endpoint), "id", {})).rejects.toThrow(LiteLlmError);
  await expect(keyType.read(apiOf("http://127.0.0.1:1"), "id", {})).rejects.toThrow(Unreachable);
});

it("a key's generated value is sent, so that a lost answer leaves no unknown key", async () => {
  const { identity } = keyType;
  let sent = "";
  const { endpoint } = await serveApi((path, { body }) => {
    if (path === "/health/readiness") return [200, READY];
    if (path.startsWith("/key/info")) return [404, { error: { message: "Key not found" } }];
    sent = String(body?.key);
    return [200, { key: sent, expires: "2026-01-02T03:04:05.123456Z" }];
  });
  const key = identity.generate();
  const outputs = await keyType.create(apiOf(endpoint), identity.idOf(key), { key });
  expect(sent).toMatch(/^sk-[\w-]{32}$/);
  expect(identity.idOf(key)).toBe(tokenOf(sent));
  expect(outputs).toEqual({ expires: "2026-01-02T03:04:05.123Z" });
});
