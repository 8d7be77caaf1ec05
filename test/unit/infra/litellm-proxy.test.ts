import { expect, it } from "vitest";
import { hostForClients } from "../../../infra/litellm-proxy.ts";

it.each([
  ["127.0.0.1", "localhost"],
  ["0.0.0.0", "localhost"],
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8::1", "[2001:db8::1]"],
])("clients of a port bound to %s use %s", (bind, host) => {
  expect(hostForClients(bind)).toBe(host);
});
