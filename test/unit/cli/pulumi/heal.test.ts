import { expect, it } from "vitest";
import { type PendingOperation, settled } from "../../../../cli/pulumi/heal.ts";
import { tokenOf } from "../../../../litellm/keys.ts";

const urn = (name: string) => `urn:pulumi:dev::llm-stack::type::${name}`;
const pending = (type: string, kind: string, name: string, inputs = {}): PendingOperation => ({
  type,
  resource: { urn: urn(name), type: kind, inputs },
});
const known = { urn: urn("network"), type: "docker:index/network:Network", id: "n" };
const stateOf = (...operations: PendingOperation[]) => ({
  version: 3,
  deployment: { manifest: {}, resources: [known], pending_operations: operations },
});

it("what was begun in Docker, or was to be changed or deleted, is done again by the next run", () => {
  const state = stateOf(
    pending("creating", "docker:index/container:Container", "proxy"),
    pending("updating", "docker:index/network:Network", "network"),
    pending("deleting", "litellm:index:Key", "agent", { key: "sk-value" }),
  );
  expect(settled(state)).toEqual({ version: 3, deployment: { manifest: {}, resources: [known] } });
});

it("an object that LiteLLM may have made goes into the state, by the id that it was to have", () => {
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: '"sk-value"',
  };
  const inputs = { keyAlias: "agent", key: secret };
  const state = stateOf(
    pending("creating", "litellm:index:Key", "agent", inputs),
    pending("creating", "litellm:index:Model", "stored", { modelId: "stored@database" }),
  );
  expect(settled(state).deployment?.resources).toEqual([
    known,
    { urn: urn("agent"), type: "litellm:index:Key", id: tokenOf("sk-value"), inputs, outputs: inputs },
    expect.objectContaining({ urn: urn("stored"), id: "stored@database" }),
  ]);
});

it("an object that the state holds is not put into it twice", () => {
  const state = stateOf(pending("creating", "litellm:index:Model", "network", { modelId: "m" }));
  expect(settled(state).deployment?.resources).toEqual([known]);
});
